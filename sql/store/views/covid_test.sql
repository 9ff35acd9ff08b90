-- One row a COVID-19 test (virus, not antibodies or cells that know it) with a result: when it was and what it found.
CREATE VIEW harmonize.covid_test AS
WITH measured AS (
    SELECT DISTINCT measurement_concept_id AS concept_id, coalesce(measurement_source_concept_id, 0) AS source_concept_id
    FROM omop.measurement
),
-- names are looked at once, not for each measurement
kind AS (
    SELECT m.concept_id, m.source_concept_id, coalesce(c.concept_name, s.concept_name) AS test_name
    FROM measured m
    LEFT JOIN omop.concept c ON c.concept_id = nullif(m.concept_id, 0)
    LEFT JOIN omop.concept s ON s.concept_id = nullif(m.source_concept_id, 0)
    WHERE regexp_matches(concat_ws(' ', c.concept_name, s.concept_name),
                         'SARS[- ]?(CoV|coronavirus)[- ]?2|severe acute respiratory syndrome coronavirus 2|COVID', 'i')
      AND NOT regexp_matches(concat_ws(' ', c.concept_name, s.concept_name),
                             '\bAb\b|antibod|\bIg[AGM]\b|immunoglobulin|TCRB|interferon', 'i')
),
test AS (
    SELECT m.person_id, m.measurement_id, m.measurement_date AS test_date, m.measurement_datetime AS test_datetime,
           k.test_name, m.measurement_source_value AS source_value,
           lower(coalesce(v.concept_name, m.value_source_value)) AS result_text
    FROM omop.measurement m
    JOIN kind k ON k.concept_id = m.measurement_concept_id AND k.source_concept_id = coalesce(m.measurement_source_concept_id, 0)
    LEFT JOIN omop.concept v ON v.concept_id = nullif(m.value_as_concept_id, 0)
)
SELECT person_id, measurement_id, test_date, test_datetime, test_name, source_value,
       CASE WHEN result_text IN ('positive', 'detected', 'reactive') THEN 'Positive'
            WHEN result_text IN ('negative', 'not detected', 'undetected', 'non-reactive', 'nonreactive', 'not reactive') THEN 'Negative'
            ELSE 'Indeterminate' END AS result
FROM test
WHERE result_text IS NOT NULL;
