-- One row a reading: a label that one reader gave to an imaging study of a person, or to a series or image of it.
CREATE VIEW linked.annotation_read AS
SELECT l.person_id, n.project_id, c.site_id, n.case_key, n.study_uid, n.series_uid, n.sop_uid, n.frame_number,
       l.procedure_occurrence_id, p.procedure_date AS study_date,
       p.procedure_date + l.imaging_date_offset_days AS clinical_date, d.day + l.imaging_date_offset_days AS study_day, c.dates,
       n.collection, n.scope, n.question, n.answer, n.label_name, n.label_group, n.reader_key, n.read_role,
       n.geometry IS NOT NULL AS has_geometry
FROM midrc.annotation n
JOIN harmonize.image_link l ON l.project_id = n.project_id AND l.case_key = n.case_key AND l.study_uid = n.study_uid
JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = l.procedure_occurrence_id
LEFT JOIN harmonize.case_place c ON c.project_id = n.project_id AND c.case_key = n.case_key
LEFT JOIN harmonize.study_day d ON d.project_id = n.project_id AND d.case_key = n.case_key AND d.study_uid = n.study_uid
WHERE n.repeats IS NULL;

COMMENT ON VIEW linked.annotation_read IS 'One row a reading: a label that one reader gave to an imaging study of a person, or to a series or image of it.';
COMMENT ON COLUMN linked.annotation_read.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.annotation_read.project_id IS 'The project.';
COMMENT ON COLUMN linked.annotation_read.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.annotation_read.case_key IS 'The person''s key in the project.';
COMMENT ON COLUMN linked.annotation_read.study_uid IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN linked.annotation_read.series_uid IS 'DICOM SeriesInstanceUID; NULL where the label is of the whole study.';
COMMENT ON COLUMN linked.annotation_read.sop_uid IS 'DICOM SOPInstanceUID of the image; NULL where the label is of more than one image.';
COMMENT ON COLUMN linked.annotation_read.frame_number IS 'Frame of the image; NULL where the label is of the whole image.';
COMMENT ON COLUMN linked.annotation_read.procedure_occurrence_id IS 'The study in omop.procedure_occurrence.';
COMMENT ON COLUMN linked.annotation_read.study_date IS 'Day of the study as OMOP holds it.';
COMMENT ON COLUMN linked.annotation_read.clinical_date IS 'Day of the study among the clinical records: the stored day moved by the project''s imaging_date_offset_days.';
COMMENT ON COLUMN linked.annotation_read.study_day IS 'Days from the index event of the case to clinical_date; NULL where the project tells no index event.';
COMMENT ON COLUMN linked.annotation_read.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.annotation_read.collection IS 'The collection of readings.';
COMMENT ON COLUMN linked.annotation_read.scope IS 'What the label is of: study, series or image.';
COMMENT ON COLUMN linked.annotation_read.question IS 'What the label answers, such as class_covid19_pneumonia; NULL for a label that stands for itself.';
COMMENT ON COLUMN linked.annotation_read.answer IS 'The answer in one word, the same for all readers.';
COMMENT ON COLUMN linked.annotation_read.label_name IS 'The label as the reading names it.';
COMMENT ON COLUMN linked.annotation_read.label_group IS 'The group of labels that the reader worked in.';
COMMENT ON COLUMN linked.annotation_read.reader_key IS 'Pseudonym of the reader in a label group; one person in two groups is two readers.';
COMMENT ON COLUMN linked.annotation_read.read_role IS 'independent (votes), adjudication (decides) or supplementary (neither).';
COMMENT ON COLUMN linked.annotation_read.has_geometry IS 'Whether the label marks a place on the image (midrc.annotation.geometry).';
