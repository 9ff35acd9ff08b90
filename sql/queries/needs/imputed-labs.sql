-- numeric measurements that are left out because their day was taken from something else.
SELECT format('In project {} the days of {:,} of {:,} numeric measurements were taken from something else; '
              || 'they count with --param imputed=true.',
              k.project_id, count(i.omop_id), count(*)) AS sentence
FROM (SELECT DISTINCT project_id, person_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) k
JOIN (
    SELECT person_id, measurement_id AS omop_id FROM omop.measurement WHERE value_as_number IS NOT NULL
) e ON e.person_id = k.person_id
LEFT JOIN harmonize.imputation i ON i.omop_table = 'measurement' AND i.column_name = 'measurement_date' AND i.omop_id = e.omop_id
WHERE NOT $imputed
GROUP BY k.project_id
HAVING count(i.omop_id) > 0
