-- One row an imaging study in the series of a person's studies of one modality and region: its place, the days since the others,
--   and since COVID-19 (the first positive test, else the first diagnosis).
CREATE VIEW linked.longitudinal_series AS
WITH covid AS (
    SELECT person_id, coalesce(min(day) FILTER (is_test), min(day)) AS covid_date
    FROM (
        SELECT person_id, test_date AS day, true AS is_test FROM linked.covid_test WHERE result = 'Positive'
        UNION ALL
        SELECT o.person_id, o.condition_start_date, false
        FROM omop.condition_occurrence o
        JOIN omop.concept c ON c.concept_id = o.condition_concept_id AND c.vocabulary_id = 'SNOMED' AND c.concept_code = '840539006'
    )
    GROUP BY person_id
),
-- CR and DX are one: a film is followed by a film
study AS (
    SELECT t.*, t.clinical_date AS linked_date,
           CASE WHEN t.modality IN ('CR', 'DX', 'XR') THEN 'XR' ELSE t.modality END AS kind
    FROM linked.imaging_timeline t
)
SELECT s.person_id, s.project_id, s.site_id, s.case_key, s.study_uid, s.study_date, s.clinical_date, s.study_day, s.dates,
       s.modality, s.region,
       row_number() OVER of_kind AS study_number,
       count(*) OVER (PARTITION BY s.person_id, s.kind, s.region) AS study_count,
       s.study_date - first_value(s.study_date) OVER of_kind AS days_from_first,
       s.study_date - lag(s.study_date) OVER of_kind AS days_from_previous,
       s.linked_date - c.covid_date AS days_from_covid,
       CASE WHEN s.linked_date < c.covid_date THEN 'before'
            WHEN s.linked_date - c.covid_date < 28 THEN 'acute'
            WHEN s.linked_date - c.covid_date < 90 THEN 'post_acute'
            WHEN c.covid_date IS NOT NULL THEN 'post_covid' END AS phase,
       s.first_series_uid
FROM study s
LEFT JOIN covid c USING (person_id)
WINDOW of_kind AS (PARTITION BY s.person_id, s.kind, s.region ORDER BY s.study_date, s.project_id, s.study_uid);

COMMENT ON VIEW linked.longitudinal_series IS 'One row an imaging study in the series of a person''s studies of one modality and region: its place, and the days since the others and since COVID-19.';
COMMENT ON COLUMN linked.longitudinal_series.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.longitudinal_series.project_id IS 'The project.';
COMMENT ON COLUMN linked.longitudinal_series.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.longitudinal_series.case_key IS 'The person''s key in the project.';
COMMENT ON COLUMN linked.longitudinal_series.study_uid IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN linked.longitudinal_series.study_date IS 'Day of the study as OMOP holds it.';
COMMENT ON COLUMN linked.longitudinal_series.clinical_date IS 'Day of the study among the clinical records: the stored day moved by the project''s imaging_date_offset_days.';
COMMENT ON COLUMN linked.longitudinal_series.study_day IS 'Days from the index event of the case to clinical_date; NULL where the project tells no index event.';
COMMENT ON COLUMN linked.longitudinal_series.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.longitudinal_series.modality IS 'DICOM Modality.';
COMMENT ON COLUMN linked.longitudinal_series.region IS 'Region of the body.';
COMMENT ON COLUMN linked.longitudinal_series.study_number IS 'Place of the study among those of the person, modality (CR and DX are one) and region, from 1.';
COMMENT ON COLUMN linked.longitudinal_series.study_count IS 'How many there are; over 1: repeat imaging.';
COMMENT ON COLUMN linked.longitudinal_series.days_from_first IS 'Days from the first of these studies.';
COMMENT ON COLUMN linked.longitudinal_series.days_from_previous IS 'Days from the one before; NULL of the first.';
COMMENT ON COLUMN linked.longitudinal_series.days_from_covid IS 'Days from the first positive COVID-19 test, else from the first diagnosis, to the study; NULL: neither is known.';
COMMENT ON COLUMN linked.longitudinal_series.phase IS 'before; acute: days 0 to 27; post_acute: 28 to 89; post_covid: from 90 on.';
COMMENT ON COLUMN linked.longitudinal_series.first_series_uid IS 'Lowest-numbered series that holds pixels (else of all).';
