-- person: one row a person. Clinical rows say who it is (the latest case wins); DICOM headers only where no clinical
--   case exists. A year that is not a birth year leaves month and day NULL; the evidence is in harmonize.person_age.
WITH ranked AS (
    SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY is_clinical DESC, record_id DESC) AS rank
    FROM person_best JOIN person_of_case USING (project_id, case_key)
),
support AS (
    SELECT person_id, min(record_id) AS record_id, flatten(list(records)) AS support FROM ranked GROUP BY person_id
)
SELECT b.person_id, s.record_id, b.mapping_id, s.support,
       coalesce(g.target_concept_id, 0) AS gender_concept_id,
       coalesce(b.best_year, 1900) AS year_of_birth,  -- 1900: the sentinel of a person without any evidence of age
       CASE b.precision WHEN 'birth_date' THEN month(b.birth_date) WHEN 'birth_year' THEN b.birth_month END
           AS month_of_birth,
       CASE b.precision WHEN 'birth_date' THEN day(b.birth_date) END AS day_of_birth,
       coalesce(r.target_concept_id, 0) AS race_concept_id,
       coalesce(e.target_concept_id, 0) AS ethnicity_concept_id,
       l.location_id, v.provider_id, c.care_site_id,
       source_value(b.case_key, NULL) AS person_source_value,
       source_value(b.gender_text, NULL) AS gender_source_value, 0 AS gender_source_concept_id,
       source_value(b.race_source, NULL) AS race_source_value, 0 AS race_source_concept_id,
       source_value(b.ethnicity_source, NULL) AS ethnicity_source_value, 0 AS ethnicity_source_concept_id
FROM ranked b
JOIN support s USING (person_id)
LEFT JOIN coding_target g ON g.coding = b.gender AND g.target_rank = 1
LEFT JOIN coding_target r ON r.coding = b.race_coding AND r.target_rank = 1
LEFT JOIN coding_target e ON e.coding = b.ethnicity_coding AND e.target_rank = 1
LEFT JOIN omop.location l
  ON l.location_source_value
   = source_value(concat_ws('|', coalesce(b.zip, ''), coalesce(b.state, ''), coalesce(b.country, '')), NULL)
LEFT JOIN provider_row v ON v.project_id = b.project_id AND v.provider_key = b.provider_key
LEFT JOIN care_site_row c ON c.project_id = b.project_id AND c.care_site_key = b.care_site_key
WHERE b.rank = 1
