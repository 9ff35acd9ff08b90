-- Numbers of a project's link: kind (person, procedure, visit: how linked studies were; study, case: why others were not;
--   told: what is kept apart), name, count.
SELECT 'person' AS kind, person_tier AS name, count(*) AS n FROM harmonize.image_link WHERE project_id = $project GROUP BY ALL
UNION ALL
SELECT 'procedure', procedure_tier, count(*) FROM harmonize.image_link WHERE project_id = $project GROUP BY ALL
UNION ALL
SELECT 'visit', tier, count(*) FROM harmonize.image_link WHERE project_id = $project GROUP BY ALL
UNION ALL
SELECT 'study', reason, count(*) FROM study_status WHERE project_id = $project AND reason IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'linked', 'studies', count(*) FROM study_status WHERE project_id = $project AND reason IS NULL
UNION ALL
SELECT 'case', 'clinical', count(DISTINCT person_id) FROM harmonize.person_case WHERE project_id = $project AND basis = 'clinical'
UNION ALL
SELECT 'case', 'without_images', count(DISTINCT person_id)
FROM harmonize.person_case c ANTI JOIN harmonize.image_link l USING (person_id)
WHERE c.project_id = $project AND c.basis = 'clinical'
UNION ALL
SELECT 'told', 'study_uids_of_several_projects', count(DISTINCT study_uid)
FROM study_status WHERE project_id = $project AND project_count > 1
UNION ALL
SELECT 'told', 'study_uids_of_several_patients', count(DISTINCT study_uid)
FROM study_status WHERE project_id = $project AND patient_count > 1
ORDER BY kind, n DESC, name
