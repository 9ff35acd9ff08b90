-- One row an imaging series with its OMOP ids, and what its DICOM headers say.
CREATE VIEW linked.imaging_series AS
SELECT l.person_id, l.project_id, c.site_id, l.case_key,
       i.image_occurrence_id, i.procedure_occurrence_id, i.visit_occurrence_id,
       i.image_study_uid AS study_uid, i.image_series_uid AS series_uid,
       i.image_occurrence_date AS series_date, i.image_occurrence_date + l.imaging_date_offset_days AS clinical_date,
       d.day + l.imaging_date_offset_days AS study_day, c.dates,
       s.series_number, s.modality, coalesce(modality.concept_name, s.modality) AS modality_concept_name,
       s.body_part_examined, coalesce(site.concept_name, s.body_part_examined) AS anatomic_site_name,
       s.series_description, s.study_description,
       s.is_image, s.is_derived, s.instance_count, s.series_size_mb,
       s.manufacturer, s.manufacturer_model_name, s.license, s.uri
FROM omop.image_occurrence i
JOIN harmonize.image_link l ON l.procedure_occurrence_id = i.procedure_occurrence_id
JOIN midrc.imaging_series s ON s.project_id = l.project_id AND s.series_uid = i.image_series_uid
LEFT JOIN harmonize.case_place c ON c.project_id = l.project_id AND c.case_key = l.case_key
LEFT JOIN harmonize.study_day d ON d.project_id = l.project_id AND d.case_key = l.case_key AND d.study_uid = l.study_uid
LEFT JOIN omop.concept modality ON modality.concept_id = nullif(i.modality_concept_id, 0)
LEFT JOIN omop.concept site ON site.concept_id = nullif(i.anatomic_site_concept_id, 0)
-- a series that several sources tell is told by the one that says where its files are; where two cases are one person, the link
-- names one of them and the series may be the other's
QUALIFY row_number() OVER (PARTITION BY i.image_occurrence_id
    ORDER BY s.case_key IS DISTINCT FROM l.case_key, s.uri IS NULL, s.manufacturer IS NULL, s.submitter_id) = 1;

COMMENT ON VIEW linked.imaging_series IS 'One row an imaging series with its OMOP ids, and what its DICOM headers say.';
COMMENT ON COLUMN linked.imaging_series.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.imaging_series.project_id IS 'The project.';
COMMENT ON COLUMN linked.imaging_series.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.imaging_series.case_key IS 'The person''s key in the project.';
COMMENT ON COLUMN linked.imaging_series.image_occurrence_id IS 'The series in omop.image_occurrence.';
COMMENT ON COLUMN linked.imaging_series.procedure_occurrence_id IS 'The study in omop.procedure_occurrence.';
COMMENT ON COLUMN linked.imaging_series.visit_occurrence_id IS 'The visit in omop.visit_occurrence; NULL where there is none.';
COMMENT ON COLUMN linked.imaging_series.study_uid IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN linked.imaging_series.series_uid IS 'DICOM SeriesInstanceUID.';
COMMENT ON COLUMN linked.imaging_series.series_date IS 'SeriesDate, else StudyDate, in the calendar of the project.';
COMMENT ON COLUMN linked.imaging_series.clinical_date IS 'Day of the series among the clinical records: series_date moved by the project''s imaging_date_offset_days.';
COMMENT ON COLUMN linked.imaging_series.study_day IS 'Days from the index event of the case to the study, moved as clinical_date is; NULL where the project tells no index event.';
COMMENT ON COLUMN linked.imaging_series.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.imaging_series.series_number IS 'DICOM SeriesNumber.';
COMMENT ON COLUMN linked.imaging_series.modality IS 'DICOM Modality of the series (CR, DX, CT, MR ...).';
COMMENT ON COLUMN linked.imaging_series.modality_concept_name IS 'Standard concept of the modality; modality as sent where none is confirmed.';
COMMENT ON COLUMN linked.imaging_series.body_part_examined IS 'DICOM BodyPartExamined as sent.';
COMMENT ON COLUMN linked.imaging_series.anatomic_site_name IS 'Standard concept of the part of the body; body_part_examined where none is confirmed.';
COMMENT ON COLUMN linked.imaging_series.series_description IS 'DICOM SeriesDescription as sent.';
COMMENT ON COLUMN linked.imaging_series.study_description IS 'DICOM StudyDescription as sent.';
COMMENT ON COLUMN linked.imaging_series.is_image IS 'True where the series holds pixels, false for reports, segmentations and other objects.';
COMMENT ON COLUMN linked.imaging_series.is_derived IS 'True where the series was made from other series.';
COMMENT ON COLUMN linked.imaging_series.instance_count IS 'Number of DICOM instances (files).';
COMMENT ON COLUMN linked.imaging_series.series_size_mb IS 'Size in megabytes.';
COMMENT ON COLUMN linked.imaging_series.manufacturer IS 'DICOM Manufacturer as sent.';
COMMENT ON COLUMN linked.imaging_series.manufacturer_model_name IS 'DICOM ManufacturerModelName as sent.';
COMMENT ON COLUMN linked.imaging_series.license IS 'Licence under which the images may be used.';
COMMENT ON COLUMN linked.imaging_series.uri IS 'Where the series can be fetched.';
