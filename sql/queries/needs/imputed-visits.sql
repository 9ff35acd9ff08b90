-- visits whose length is left out because their end was taken from something else.
SELECT format('In project {} the ends of {:,} of {:,} visits were taken from something else; '
              || 'their lengths count with --param imputed=true.',
              k.project_id, count(i.omop_id), count(*)) AS sentence
FROM (SELECT DISTINCT project_id, person_id FROM harmonize.person_case WHERE project_id = coalesce($project, project_id)) k
JOIN omop.visit_occurrence e ON e.person_id = k.person_id
LEFT JOIN (SELECT DISTINCT omop_id FROM harmonize.imputation WHERE omop_table = 'visit_occurrence') i ON i.omop_id = e.visit_occurrence_id
WHERE NOT $imputed
GROUP BY k.project_id
HAVING count(i.omop_id) > 0
