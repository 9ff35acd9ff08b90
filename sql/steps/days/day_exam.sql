-- The exams that records of affected cases tell by day: studies with a day and no date, and procedures (day_kind says which of them
-- are imaging). A text of a procedure is its description, else the name of its code.
-- when: matching
CREATE OR REPLACE TEMP TABLE day_exam AS
SELECT s.project_id, s.case_key, 'imaging_study' AS node, s.row_key, s.study_uid,
       floor(s.days_to_study)::INTEGER AS day,
       main_modality(s.study_modality) AS modality,
       s.study_description AS description, s.body_part_examined[1] AS body_part, NULL::VARCHAR AS loinc_code
FROM midrc.imaging_study s
SEMI JOIN affected_case USING (project_id, case_key)
SEMI JOIN matching USING (project_id)
WHERE s.mapping_id <> 0 AND s.days_to_study IS NOT NULL
UNION ALL
SELECT p.project_id, p.case_key, 'procedure', p.row_key, NULL, coalesce(p.start_day, p.days_to_procedure_start),
       NULL, coalesce(p.text, p.procedure_name, c.concept_name), NULL,
       CASE WHEN p.coding LIKE 'LOINC:%' THEN p.coding[7:] END
FROM midrc.procedure p
SEMI JOIN affected_case USING (project_id, case_key)
SEMI JOIN matching USING (project_id)
LEFT JOIN omop.concept c ON c.vocabulary_id = split_part(p.coding, ':', 1) AND c.concept_code = split_part(p.coding, ':', 2)
WHERE coalesce(p.start_day, p.days_to_procedure_start) IS NOT NULL
  AND coalesce(p.kind = 'event', true) AND coalesce(p.assertion = 'present', true) AND coalesce(p.subject_role = 'patient', true)
