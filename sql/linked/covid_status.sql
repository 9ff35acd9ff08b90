-- One row a sign that a person had COVID-19: a positive test of the virus, positive antibodies, a diagnosis, or the project's flag.
CREATE VIEW linked.covid_status AS
WITH disease AS (
    SELECT concept_id FROM omop.concept WHERE vocabulary_id = 'SNOMED' AND concept_code = '840539006'
),
diagnosis AS (
    SELECT concept_id FROM disease
    UNION
    SELECT a.descendant_concept_id FROM omop.concept_ancestor a JOIN disease d ON d.concept_id = a.ancestor_concept_id
),
measured AS (
    SELECT DISTINCT measurement_concept_id AS concept_id, coalesce(measurement_source_concept_id, 0) AS source_concept_id
    FROM omop.measurement
),
antibody AS (
    SELECT m.concept_id, m.source_concept_id
    FROM measured m
    LEFT JOIN omop.concept c ON c.concept_id = nullif(m.concept_id, 0)
    LEFT JOIN omop.concept s ON s.concept_id = nullif(m.source_concept_id, 0)
    WHERE regexp_matches(concat_ws(' ', c.concept_name, s.concept_name),
                         'SARS[- ]?(CoV|coronavirus)[- ]?2|severe acute respiratory syndrome coronavirus 2|COVID', 'i')
      AND regexp_matches(concat_ws(' ', c.concept_name, s.concept_name), '\bAb\b|antibod|\bIg[AGM]\b|immunoglobulin', 'i')
),
dated AS (
    SELECT person_id, 'test' AS basis, test_date AS day, 'measurement' AS omop_table, measurement_id AS omop_id,
           'measurement_date' AS column_name
    FROM harmonize.covid_test
    WHERE result = 'Positive'
    UNION ALL
    SELECT m.person_id, 'antibody', m.measurement_date, 'measurement', m.measurement_id, 'measurement_date'
    FROM omop.measurement m
    JOIN antibody a ON a.concept_id = m.measurement_concept_id AND a.source_concept_id = coalesce(m.measurement_source_concept_id, 0)
    LEFT JOIN omop.concept v ON v.concept_id = nullif(m.value_as_concept_id, 0)
    WHERE lower(coalesce(v.concept_name, m.value_source_value)) IN ('positive', 'detected', 'reactive')
    UNION ALL
    SELECT o.person_id, 'diagnosis', o.condition_start_date, 'condition_occurrence', o.condition_occurrence_id, 'condition_start_date'
    FROM omop.condition_occurrence o
    JOIN diagnosis d ON d.concept_id = o.condition_concept_id
),
member AS (
    SELECT project_id, person_id, min(site_id) AS site_id, any_value(dates) AS dates
    FROM harmonize.case_place
    GROUP BY project_id, person_id
),
sign AS (
    SELECT c.project_id, s.person_id, s.basis, s.day, i.omop_id IS NOT NULL AS is_imputed
    FROM dated s
    JOIN member c ON c.person_id = s.person_id
    LEFT JOIN harmonize.imputation i ON i.omop_table::VARCHAR = s.omop_table AND i.omop_id = s.omop_id AND i.column_name = s.column_name
    UNION ALL
    SELECT c.project_id, c.person_id, 'flag', NULL, false
    FROM midrc."case" f
    JOIN harmonize.person_case c ON c.project_id = f.project_id AND c.case_key = f.case_key
    WHERE f.covid19_positive = 'Yes'
)
SELECT DISTINCT s.project_id, m.site_id, s.person_id, s.basis, s.day AS date,
       CASE WHEN s.day IS NULL THEN NULL
            WHEN s.is_imputed THEN 'imputed'
            WHEN m.dates = 'real' THEN 'real'
            ELSE 'shifted' END AS date_basis, m.dates
FROM sign s
JOIN member m ON m.project_id = s.project_id AND m.person_id = s.person_id;

COMMENT ON VIEW linked.covid_status IS 'One row a sign that a person had COVID-19: a positive test of the virus, positive antibodies, a diagnosis, or the project''s flag.';
COMMENT ON COLUMN linked.covid_status.project_id IS 'A person with cases in several projects has a row for each.';
COMMENT ON COLUMN linked.covid_status.site_id IS 'The site that sent the case; NULL where it is not told.';
COMMENT ON COLUMN linked.covid_status.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.covid_status.basis IS 'test (a virus test with result Positive), antibody (positive), diagnosis (SNOMED 840539006 and what is below it), flag (midrc.case.covid19_positive is Yes).';
COMMENT ON COLUMN linked.covid_status.date IS 'Day of the test or diagnosis as OMOP holds it; a flag has none.';
COMMENT ON COLUMN linked.covid_status.date_basis IS 'real (a day of the calendar), shifted (the project counts or moves its days), imputed (taken from something else: harmonize.imputation).';
COMMENT ON COLUMN linked.covid_status.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
