-- How each study of the affected persons was linked.
INSERT INTO harmonize.image_link
SELECT s.project_id, s.case_key, s.person_id, s.study_uid, p.procedure_occurrence_id, s.visit_occurrence_id,
       s.modality, s.region, s.tier,
       s.imaging_date_offset_days, s.days_from_admission
FROM study_row s
JOIN imaging_procedure_row p USING (project_id, study_uid, person_id)
