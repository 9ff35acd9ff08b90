-- One row an imaging study of a person: when it was taken relative to admission, of what, and the visit it belongs to.
CREATE VIEW linked.imaging_timeline AS
WITH series AS (
    -- images before reports and other objects, then by number: the first of a study stands for it
    SELECT *, (NOT coalesce(is_image, false), coalesce(series_number, 2147483647), series_uid) AS place
    FROM midrc.imaging_series
    -- a series that several sources tell is told by the one that says where its files are
    QUALIFY row_number() OVER (PARTITION BY project_id, case_key, series_uid ORDER BY uri IS NULL, manufacturer IS NULL, submitter_id) = 1
),
study AS (
    SELECT project_id, case_key, study_uid,
           arg_min(study_description, place) FILTER (study_description IS NOT NULL) AS study_description,
           count(*) AS series_count,
           count(*) FILTER (is_image) AS image_series_count,
           sum(instance_count)::BIGINT AS instance_count,
           arg_min(series_uid, place) AS first_series_uid,
           arg_min(coalesce(series_description, ''), place) AS first_series_description
    FROM series
    GROUP BY project_id, case_key, study_uid
),
record AS (
    SELECT project_id, case_key, coalesce(study_uid, submitter_id) AS study_uid, min(study_description) AS study_description
    FROM midrc.imaging_study
    WHERE study_description IS NOT NULL
    GROUP BY ALL
)
SELECT l.person_id, l.project_id, c.site_id, l.case_key, l.study_uid, l.procedure_occurrence_id, l.visit_occurrence_id,
       p.procedure_date AS study_date, l.days_from_admission, l.tier,
       l.modality, l.region, coalesce(s.study_description, r.study_description) AS study_description,
       s.series_count, s.image_series_count, s.instance_count, s.first_series_uid,
       nullif(s.first_series_description, '') AS first_series_description,
       p.procedure_date + l.imaging_date_offset_days AS clinical_date, d.day + l.imaging_date_offset_days AS study_day, c.dates
FROM harmonize.image_link l
JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = l.procedure_occurrence_id
LEFT JOIN study s ON s.project_id = l.project_id AND s.case_key = l.case_key AND s.study_uid = l.study_uid
LEFT JOIN record r ON r.project_id = l.project_id AND r.case_key = l.case_key AND r.study_uid = l.study_uid
LEFT JOIN harmonize.case_place c ON c.project_id = l.project_id AND c.case_key = l.case_key
LEFT JOIN harmonize.study_day d ON d.project_id = l.project_id AND d.case_key = l.case_key AND d.study_uid = l.study_uid;

COMMENT ON VIEW linked.imaging_timeline IS 'One row an imaging study of a person: when it was taken relative to admission, of what, and the visit it belongs to.';
COMMENT ON COLUMN linked.imaging_timeline.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.imaging_timeline.project_id IS 'The project.';
COMMENT ON COLUMN linked.imaging_timeline.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.imaging_timeline.case_key IS 'The person''s key in the project.';
COMMENT ON COLUMN linked.imaging_timeline.study_uid IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN linked.imaging_timeline.procedure_occurrence_id IS 'The study in omop.procedure_occurrence.';
COMMENT ON COLUMN linked.imaging_timeline.visit_occurrence_id IS 'The visit that contains the study; NULL where none does.';
COMMENT ON COLUMN linked.imaging_timeline.study_date IS 'Day of the study as OMOP holds it.';
COMMENT ON COLUMN linked.imaging_timeline.days_from_admission IS 'Days from the start of the visit (of the person''s first visit where no visit contains the study) to the study, after the project''s linking offset; negative before it.';
COMMENT ON COLUMN linked.imaging_timeline.tier IS 'How the visit was found: stated (the study names its encounter), contained, contained_offset (after the project''s imaging_date_offset_days), ambiguous, no_visit_that_day, no_visit.';
COMMENT ON COLUMN linked.imaging_timeline.modality IS 'DICOM Modality; of a mixed study the first of PT NM MR CT MG XA RF US DX CR OT.';
COMMENT ON COLUMN linked.imaging_timeline.region IS 'Region of the body, from BodyPartExamined, else from the words of StudyDescription.';
COMMENT ON COLUMN linked.imaging_timeline.study_description IS 'DICOM StudyDescription as sent.';
COMMENT ON COLUMN linked.imaging_timeline.series_count IS 'Series of the study that are loaded, derived objects included; NULL of a study that a record names and of which no series is loaded.';
COMMENT ON COLUMN linked.imaging_timeline.image_series_count IS 'Series that hold pixels.';
COMMENT ON COLUMN linked.imaging_timeline.instance_count IS 'DICOM instances (files) of the study; NULL where no series is loaded.';
COMMENT ON COLUMN linked.imaging_timeline.first_series_uid IS 'Lowest-numbered series that holds pixels (else of all).';
COMMENT ON COLUMN linked.imaging_timeline.first_series_description IS 'SeriesDescription of first_series_uid.';
COMMENT ON COLUMN linked.imaging_timeline.clinical_date IS 'Day of the study among the clinical records: study_date moved by the project''s imaging_date_offset_days.';
COMMENT ON COLUMN linked.imaging_timeline.study_day IS 'Days from the index event of the case to clinical_date; NULL where the project tells no index event.';
COMMENT ON COLUMN linked.imaging_timeline.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
