-- The studies of day_study with their kind.
-- when: matching
CREATE OR REPLACE TEMP TABLE study_of_kind AS
SELECT s.project_id, s.case_key, s.study_uid, s.date, k.kind, k.text_id
FROM day_study s
JOIN day_kind k
  ON k.node = 'study' AND k.modality IS NOT DISTINCT FROM s.modality AND k.description IS NOT DISTINCT FROM s.description
 AND k.body_part IS NOT DISTINCT FROM s.body_part
