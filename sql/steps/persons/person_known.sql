-- What is known of each affected person, over all its cases. Clinical rows beat DICOM headers, the latest clinical row
--   wins, and a statement beats none; the age is the best evidence that any of its cases has. A case that another one replaces
--   comes after it.
CREATE OR REPLACE TEMP TABLE person_known AS
WITH ranked AS (
    SELECT b.*, c.person_id, r.case_key IS NOT NULL AS is_replaced,
           row_number() OVER (PARTITION BY c.person_id ORDER BY r.case_key IS NOT NULL, b.is_clinical DESC,
                              CASE WHEN b.is_clinical THEN -b.record_id END,
                              b.first_study_date, b.project_id, b.case_key) AS rank,
           -- an age from headers alone comes after every clinical one
           CASE WHEN b.precision = 'unknown' THEN 8
                WHEN b.age IS NULL AND b.age_low IS NULL AND b.gt89 IS NOT TRUE AND b.precision IN ('dicom_age', 'gt89') THEN 7
                ELSE list_position(['birth_date', 'birth_year', 'age', 'gt89', 'dicom_age', 'band'], b.precision) END AS age_rank
    FROM person_best b
    JOIN person_of_case c USING (project_id, case_key)
    LEFT JOIN (SELECT DISTINCT project_id, case_key FROM replaced_case) r USING (project_id, case_key)
)
SELECT person_id, count(*) AS cases, arg_min(record_id, (is_replaced, record_id)) AS record_id,
       arg_min(mapping_id, rank) AS mapping_id,
       flatten(list(records)) AS support,
       arg_min(project_id, rank) AS project_id, arg_min(case_key, rank) AS case_key,
       arg_min({'coding': gender, 'text': gender_text}, (NOT is_clinical, gender IS NULL, gender_text IS NULL, rank)) AS gender,
       arg_min({'coding': race_coding, 'text': race_source}, (race_coding IS NULL, race_source IS NULL, rank)) AS race,
       arg_min({'coding': ethnicity_coding, 'text': ethnicity_source},
               (ethnicity_coding IS NULL, ethnicity_source IS NULL, rank)) AS ethnicity,
       arg_min({'zip': zip, 'state': state, 'country': country}, (coalesce(zip, state, country) IS NULL, rank)) AS location,
       arg_min({'project_id': project_id, 'key': provider_key}, (provider_key IS NULL, rank)) AS provider,
       arg_min({'project_id': project_id, 'key': care_site_key}, (care_site_key IS NULL, rank)) AS care_site,
       arg_min({'project_id': project_id, 'case_key': case_key, 'record_id': record_id, 'mapping_id': mapping_id,
                'time_policy': time_policy, 'precision': precision, 'year': best_year, 'birth_date': birth_date, 'birth_month': birth_month,
                'low': low, 'high': high, 'text': age_text, 'date': age_date}, (age_rank, rank)) AS age,
       -- an event's day where there is one: another would stretch the observation period
       coalesce(min(least(first_visit_date, first_study_date)), min(reference_date)) AS first_date
FROM ranked
GROUP BY person_id
