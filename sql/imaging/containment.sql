-- Patients of a project with at least one study on a day of one of their visits, if images were dated $shift days later.
SELECT count(DISTINCT l.case_key)
FROM harmonize.image_link l
JOIN omop.procedure_occurrence p USING (procedure_occurrence_id)
JOIN omop.visit_occurrence v ON v.person_id = l.person_id
 AND p.procedure_date + $shift::INTEGER BETWEEN v.visit_start_date AND v.visit_end_date
WHERE l.project_id = $project
