-- stays in intensive care that are left out because their day was taken from something else.
SELECT format('In project {} the days of {:,} of {:,} stays in intensive care were taken from something else; '
              || 'they count with --param imputed=true.',
              k.project_id, count(i.omop_id), count(*)) AS sentence
FROM (SELECT DISTINCT project_id, person_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) k
JOIN (
    SELECT d.person_id, d.visit_detail_id AS omop_id
    FROM omop.visit_detail d
    JOIN omop.concept n ON n.concept_id = d.visit_detail_concept_id AND n.vocabulary_id = 'Visit' AND n.concept_code = 'OMOP4822460'
) e ON e.person_id = k.person_id
LEFT JOIN harmonize.imputation i ON i.omop_table = 'visit_detail' AND i.column_name = 'visit_detail_start_date' AND i.omop_id = e.omop_id
WHERE NOT $imputed
GROUP BY k.project_id
HAVING count(i.omop_id) > 0
