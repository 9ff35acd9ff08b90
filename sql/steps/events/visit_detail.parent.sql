-- The part that a part is a part of.
-- when: visit_detail
UPDATE omop.visit_detail SET parent_visit_detail_id = p.visit_detail_id
FROM visit_detail_kept k
JOIN visit_detail_row p ON p.project_id = k.project_id AND p.case_key = k.case_key AND p.visit_detail_key = k.parent_key
WHERE k.visit_detail_id = visit_detail.visit_detail_id AND p.visit_detail_id <> k.visit_detail_id
