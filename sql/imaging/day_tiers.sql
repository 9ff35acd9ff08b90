-- Patients of $project by how the days of their exams fit the dates of their images.
SELECT tier, count(*) AS patients
FROM harmonize.day_match
WHERE project_id = $project
GROUP BY ALL
ORDER BY patients DESC, tier
