-- The exams of day_exam that are imaging, with their kind, and the study that they name, where it has images (named_uid).
-- when: matching
CREATE OR REPLACE TEMP TABLE exam_of_kind AS
SELECT e.project_id, e.case_key, e.node, e.row_key, e.study_uid, e.day, k.kind, k.text_id, s.study_uid AS named_uid
FROM day_exam e
JOIN day_kind k
  ON k.node = e.node AND k.modality IS NOT DISTINCT FROM e.modality AND k.description IS NOT DISTINCT FROM e.description
 AND k.body_part IS NOT DISTINCT FROM e.body_part AND k.loinc_code IS NOT DISTINCT FROM e.loinc_code
LEFT JOIN day_study s ON s.project_id = e.project_id AND s.case_key = e.case_key AND s.study_uid = e.study_uid
