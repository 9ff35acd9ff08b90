-- One row an imaging series with its OMOP ids, and what its DICOM headers say.
CREATE VIEW linked.imaging_series AS
SELECT l.person_id, l.project_id, l.case_key,
       i.image_occurrence_id, i.procedure_occurrence_id, i.visit_occurrence_id,
       i.image_study_uid AS study_uid, i.image_series_uid AS series_uid,
       i.image_occurrence_date AS series_date,
       s.series_number, s.modality, modality.concept_name AS modality_concept_name,
       s.body_part_examined, site.concept_name AS anatomic_site_name,
       s.series_description, s.study_description,
       s.is_image, s.is_derived, s.instance_count, s.series_size_mb,
       s.manufacturer, s.manufacturer_model_name, s.license, s.uri
FROM omop.image_occurrence i
JOIN harmonize.image_link l ON l.procedure_occurrence_id = i.procedure_occurrence_id
JOIN midrc.imaging_series s ON s.project_id = l.project_id AND s.series_uid = i.image_series_uid
LEFT JOIN omop.concept modality ON modality.concept_id = nullif(i.modality_concept_id, 0)
LEFT JOIN omop.concept site ON site.concept_id = nullif(i.anatomic_site_concept_id, 0)
-- a series that several sources tell is told by the one that says where its files are; where two cases are one person, the link
-- names one of them and the series may be the other's
QUALIFY row_number() OVER (PARTITION BY i.image_occurrence_id
    ORDER BY s.case_key IS DISTINCT FROM l.case_key, s.uri IS NULL, s.manufacturer IS NULL, s.submitter_id) = 1;

COMMENT ON VIEW linked.imaging_series IS 'One row an imaging series with its OMOP ids, and what its DICOM headers say.';
COMMENT ON COLUMN linked.imaging_series.series_date IS 'SeriesDate, else StudyDate, in the calendar of the project.';
COMMENT ON COLUMN linked.imaging_series.modality IS 'DICOM Modality of the series (CR, DX, CT, MR ...).';
COMMENT ON COLUMN linked.imaging_series.modality_concept_name IS 'Standard concept of the modality; NULL where none is confirmed.';
COMMENT ON COLUMN linked.imaging_series.body_part_examined IS 'DICOM BodyPartExamined as sent.';
COMMENT ON COLUMN linked.imaging_series.is_image IS 'True where the series holds pixels, false for reports, segmentations and other objects.';
COMMENT ON COLUMN linked.imaging_series.is_derived IS 'True where the series was made from other series.';
COMMENT ON COLUMN linked.imaging_series.instance_count IS 'Number of DICOM instances (files).';
COMMENT ON COLUMN linked.imaging_series.series_size_mb IS 'Size in megabytes.';
COMMENT ON COLUMN linked.imaging_series.uri IS 'Where the series can be fetched.';
