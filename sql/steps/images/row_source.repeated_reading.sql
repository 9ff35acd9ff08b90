-- A reading that another source tells, too: its record supports what is made of that one.
-- when: annotation_row
-- after: image_feature, observation.annotation
INSERT INTO harmonize.row_source
SELECT DISTINCT i.omop_table, i.omop_id, n.record_id, n.mapping_id, 'support'::harmonize.role
FROM annotation_row n
JOIN annotation_row o
  ON o.project_id = n.project_id AND o.study_uid = n.study_uid AND o.submitter_id = n.repeats AND o.repeats IS NULL
JOIN harmonize.row_id i ON i.omop_table IN ('observation', 'image_feature') AND i.row_key = o.row_key
WHERE n.record_id <> o.record_id
