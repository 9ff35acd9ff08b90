-- One row a reading: a label that one reader gave to an imaging study of a person, or to a series or image of it.
CREATE VIEW linked.annotation_read AS
SELECT l.person_id, n.project_id, n.case_key, n.study_uid, n.series_uid, n.sop_uid, n.frame_number,
       l.procedure_occurrence_id, p.procedure_date AS study_date,
       n.collection, n.scope, n.question, n.answer, n.label_name, n.label_group, n.reader_key, n.read_role,
       n.geometry IS NOT NULL AS has_geometry
FROM midrc.annotation n
JOIN harmonize.image_link l ON l.project_id = n.project_id AND l.case_key = n.case_key AND l.study_uid = n.study_uid
JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = l.procedure_occurrence_id
WHERE n.repeats IS NULL;

COMMENT ON VIEW linked.annotation_read IS 'One row a reading: a label that one reader gave to an imaging study of a person, or to a series or image of it.';
COMMENT ON COLUMN linked.annotation_read.question IS 'What the label answers, such as class_covid19_pneumonia; NULL for a label that stands for itself.';
COMMENT ON COLUMN linked.annotation_read.answer IS 'The answer in one word, the same for all readers.';
COMMENT ON COLUMN linked.annotation_read.reader_key IS 'Pseudonym of the reader in a label group; one person in two groups is two readers.';
COMMENT ON COLUMN linked.annotation_read.read_role IS 'independent (votes), adjudication (decides) or supplementary (neither).';
COMMENT ON COLUMN linked.annotation_read.has_geometry IS 'Whether the label marks a place on the image (midrc.annotation.geometry).';
