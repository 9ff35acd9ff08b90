-- How each study of the affected persons was linked: to the person, to a procedure, to a visit.
-- when: study_row
-- after: image_link.gone
INSERT INTO harmonize.image_link BY NAME
WITH clinical AS (
    SELECT DISTINCT person_id FROM harmonize.person_case WHERE basis = 'clinical'
)
SELECT s.project_id, s.case_key, s.person_id, s.study_uid, p.procedure_occurrence_id, s.visit_occurrence_id,
       s.modality, s.region, s.tier,
       CASE WHEN c.basis = 'clinical' THEN 'patient_id' WHEN o.person_id IS NULL THEN 'images_only'
            ELSE coalesce(u.basis, 'crosswalk') END
           AS person_tier,
       coalesce(m.procedure_tier, 'new_procedure') AS procedure_tier,
       s.imaging_date_offset_days, s.days_from_admission
FROM study_row s
JOIN imaging_procedure_row p USING (project_id, study_uid, person_id)
LEFT JOIN harmonize.person_case c ON c.project_id = s.project_id AND c.case_key = s.case_key
LEFT JOIN clinical o ON o.person_id = s.person_id
LEFT JOIN study_pair u ON u.project_id = s.project_id AND u.image_case = s.case_key
LEFT JOIN study_match m ON m.project_id = s.project_id AND m.study_uid = s.study_uid AND m.person_id = s.person_id
