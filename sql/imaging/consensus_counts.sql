-- Studies by what their readers say together, of $project or of all.
SELECT project_id, question, status, answer, count(*) AS studies
FROM harmonize.annotation_consensus
WHERE $project IS NULL OR project_id = $project
GROUP BY ALL
ORDER BY project_id, question, status, answer
