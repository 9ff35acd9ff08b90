-- What happened in a part of a visit happened in the visit: parts stand beside the visits, where no visit has their key.
-- when: visit_detail
INSERT INTO visit_row
SELECT p.project_id, p.case_key, p.visit_detail_key, v.visit_occurrence_id, v.visit_start_date, v.visit_end_date,
       v.visit_concept_id IN (9201, 262)
FROM visit_detail_row p
JOIN omop.visit_detail d USING (visit_detail_id)
JOIN omop.visit_occurrence v ON v.visit_occurrence_id = d.visit_occurrence_id
ANTI JOIN visit_row r ON r.project_id = p.project_id AND r.case_key = p.case_key AND r.visit_key = p.visit_detail_key
