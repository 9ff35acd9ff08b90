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
SELECT p.person_id, k.project_id, k.site_id, p.person_source_value AS case_key, k.dates,
       sex.concept_name AS sex, p.gender_source_value AS sex_source,
       CASE WHEN a.low = a.high THEN a.low::VARCHAR
            WHEN a.high IS NOT NULL THEN a.low || '-' || a.high
            WHEN a.low IS NOT NULL THEN a.low || '+' END AS age_text,
       -- without an upper end an age is text only
       CASE WHEN a.high IS NOT NULL THEN a.low END AS age_low, a.high AS age_high,
       a.precision AS age_precision, a.reference_date AS age_reference_date,
       race.concept_name AS race, p.race_source_value AS race_source, ethnicity.concept_name AS ethnicity,
       p.ethnicity_source_value AS ethnicity_source,
       d.death_date,
       coalesce(v.visits, 0) AS visits, v.first_visit_date, v.last_visit_date,
       coalesce(s.studies, 0) AS studies, coalesce(s.studies_in_a_visit, 0) AS studies_in_a_visit
FROM omop.person p
LEFT JOIN harmonize.person_place k ON k.person_id = p.person_id
LEFT JOIN harmonize.person_age a ON a.person_id = p.person_id
LEFT JOIN omop.concept sex ON sex.concept_id = nullif(p.gender_concept_id, 0)
LEFT JOIN omop.concept race ON race.concept_id = nullif(p.race_concept_id, 0)
LEFT JOIN omop.concept ethnicity ON ethnicity.concept_id = nullif(p.ethnicity_concept_id, 0)
LEFT JOIN omop.death d ON d.person_id = p.person_id
LEFT JOIN visit v ON v.person_id = p.person_id
LEFT JOIN study s ON s.person_id = p.person_id;

COMMENT ON VIEW linked.person_summary IS 'One row a person: sex, age as it is known, race, ethnicity, death, and how much there is of visits and studies.';
COMMENT ON COLUMN linked.person_summary.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.person_summary.project_id IS 'Project of the person; of one who is of several that whose key the person has (harmonize.person_case names all).';
COMMENT ON COLUMN linked.person_summary.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.person_summary.case_key IS 'Key of the person in that project.';
COMMENT ON COLUMN linked.person_summary.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.person_summary.sex IS 'NULL where unknown.';
COMMENT ON COLUMN linked.person_summary.sex_source IS 'Sex as the source writes it.';
COMMENT ON COLUMN linked.person_summary.age_text IS 'Age in years at age_reference_date as text: 53, 18-59, 75+, 90+; NULL where unknown.';
COMMENT ON COLUMN linked.person_summary.age_low IS 'Lowest age in years; NULL where unknown and for 90+.';
COMMENT ON COLUMN linked.person_summary.age_high IS 'Highest age in years; NULL where unknown and for 90+.';
COMMENT ON COLUMN linked.person_summary.age_precision IS 'How the age is known: birth_date, birth_year, age, dicom_age, band, gt89, unknown.';
COMMENT ON COLUMN linked.person_summary.age_reference_date IS 'The day at which the age holds.';
COMMENT ON COLUMN linked.person_summary.race IS 'NULL where unknown.';
COMMENT ON COLUMN linked.person_summary.race_source IS 'Race as the source writes it.';
COMMENT ON COLUMN linked.person_summary.ethnicity IS 'NULL where unknown.';
COMMENT ON COLUMN linked.person_summary.ethnicity_source IS 'Ethnicity as the source writes it.';
COMMENT ON COLUMN linked.person_summary.death_date IS 'NULL: alive, or not known.';
COMMENT ON COLUMN linked.person_summary.visits IS 'Visits.';
COMMENT ON COLUMN linked.person_summary.first_visit_date IS 'Start of the first visit.';
COMMENT ON COLUMN linked.person_summary.last_visit_date IS 'End of the last visit.';
COMMENT ON COLUMN linked.person_summary.studies IS 'Imaging studies.';
COMMENT ON COLUMN linked.person_summary.studies_in_a_visit IS 'Imaging studies that lie within a visit.';
