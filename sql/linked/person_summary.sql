-- One row a person: sex, age as it is known, race, ethnicity, death, and how much there is of visits and studies.
CREATE VIEW linked.person_summary AS
WITH visit AS (
    SELECT person_id, count(*) AS visits, min(visit_start_date) AS first_visit_date, max(visit_end_date) AS last_visit_date
    FROM omop.visit_occurrence GROUP BY person_id
),
study AS (
    SELECT person_id, count(*) AS studies, count(visit_occurrence_id) AS studies_in_a_visit
    FROM harmonize.image_link GROUP BY person_id
)
SELECT p.person_id, p.person_source_value AS case_key,
       sex.concept_name AS sex,
       CASE WHEN a.low = a.high THEN a.low::VARCHAR
            WHEN a.high IS NOT NULL THEN a.low || '-' || a.high
            WHEN a.low IS NOT NULL THEN a.low || '+' END AS age_text,
       -- without an upper end an age is text only
       CASE WHEN a.high IS NOT NULL THEN a.low END AS age_low, a.high AS age_high,
       a.precision AS age_precision, a.reference_date AS age_reference_date,
       race.concept_name AS race, ethnicity.concept_name AS ethnicity,
       d.death_date,
       coalesce(v.visits, 0) AS visits, v.first_visit_date, v.last_visit_date,
       coalesce(s.studies, 0) AS studies, coalesce(s.studies_in_a_visit, 0) AS studies_in_a_visit
FROM omop.person p
LEFT JOIN harmonize.person_age a ON a.person_id = p.person_id
LEFT JOIN omop.concept sex ON sex.concept_id = nullif(p.gender_concept_id, 0)
LEFT JOIN omop.concept race ON race.concept_id = nullif(p.race_concept_id, 0)
LEFT JOIN omop.concept ethnicity ON ethnicity.concept_id = nullif(p.ethnicity_concept_id, 0)
LEFT JOIN omop.death d ON d.person_id = p.person_id
LEFT JOIN visit v ON v.person_id = p.person_id
LEFT JOIN study s ON s.person_id = p.person_id;

COMMENT ON VIEW linked.person_summary IS 'One row a person: sex, age as it is known, race, ethnicity, death, and how much there is of visits and studies.';
COMMENT ON COLUMN linked.person_summary.sex IS 'NULL where unknown.';
COMMENT ON COLUMN linked.person_summary.age_text IS 'Age in years at age_reference_date as text: 53, 18-59, 75+, 90+; NULL where unknown.';
COMMENT ON COLUMN linked.person_summary.age_low IS 'Lowest age in years; NULL where unknown and for 90+.';
COMMENT ON COLUMN linked.person_summary.age_high IS 'Highest age in years; NULL where unknown and for 90+.';
COMMENT ON COLUMN linked.person_summary.age_precision IS 'How the age is known: birth_date, birth_year, age, dicom_age, band, gt89, unknown.';
COMMENT ON COLUMN linked.person_summary.age_reference_date IS 'The day at which the age holds.';
COMMENT ON COLUMN linked.person_summary.death_date IS 'NULL: alive, or not known.';
COMMENT ON COLUMN linked.person_summary.studies IS 'Imaging studies.';
COMMENT ON COLUMN linked.person_summary.studies_in_a_visit IS 'Imaging studies that lie within a visit.';
