-- location: one row a distinct place that a case names (three-digit zip, state, country).
-- rows: omop.location
-- when: location
SELECT md5('location|' || concat_ws('|', coalesce(zip, ''), coalesce(residence_state, ''), coalesce(country_of_residence, '')))::UUID
           AS row_key,
       min(record_id) AS record_id, arg_min(mapping_id, record_id) AS mapping_id,
       list(DISTINCT record_id ORDER BY record_id) AS support,
       zip, CASE WHEN length(residence_state) = 2 THEN residence_state END AS state,
       0 AS country_concept_id, country_of_residence AS country_source_value,
       source_value(concat_ws('|', coalesce(zip, ''), coalesce(residence_state, ''), coalesce(country_of_residence, '')), NULL)
           AS location_source_value
FROM midrc."case"
WHERE coalesce(zip, residence_state, country_of_residence) IS NOT NULL
GROUP BY zip, residence_state, country_of_residence
