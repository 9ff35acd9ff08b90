-- Projects that have no intensive care with a day.
SELECT format('Project {} has no intensive care with a day.', c.project_id) AS sentence
FROM (SELECT DISTINCT project_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) c
ANTI JOIN (
    SELECT k.project_id
    FROM harmonize.person_case k
    JOIN omop.visit_detail d ON d.person_id = k.person_id
    JOIN omop.concept n ON n.concept_id = d.visit_detail_concept_id AND n.vocabulary_id = 'Visit' AND n.concept_code = 'OMOP4822460'
) h ON h.project_id = c.project_id
