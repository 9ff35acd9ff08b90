-- midrc.case rows of patients who have images and no clinical record.
-- when: imaging_series or imaging_study
-- after: case.gone
INSERT INTO midrc."case" BY NAME
SELECT min(s.record_id) AS record_id, md5(s.project_id || '|case|' || s.case_key)::UUID AS row_key, 0 AS mapping_id,
       s.project_id, 'case' AS type, s.case_key AS submitter_id, s.case_key,
       CASE arg_min(s.patient_sex, s.record_id) WHEN 'M' THEN 'Male' WHEN 'F' THEN 'Female' END AS sex,
       arg_min(s.patient_sex, s.record_id) AS sex_source, arg_min(s.patient_age, s.record_id) AS age_text
FROM midrc.imaging_series s
SEMI JOIN affected_case a USING (project_id, case_key)
WHERE NOT EXISTS (
    FROM midrc."case" c WHERE c.project_id = s.project_id AND c.case_key = s.case_key AND c.mapping_id <> 0)
GROUP BY s.project_id, s.case_key
