-- Projects whose images were moved study by study: of five or more patients with several days of exams and of images, so few have
-- two days that fit that it may be chance. No patient of such a project is matched.
SELECT p.project_id
FROM harmonize.day_match d
JOIN harmonize.project p USING (project_id)
WHERE p.match_days IN ('unique', 'single_pairs') AND d.exam_days > 1 AND d.study_days > 1 AND d.tier NOT IN ('study_uid', 'contradiction')
GROUP BY p.project_id
HAVING count(*) >= 5 AND 2 * count(*) FILTER (d.fitting_days > 1) < count(*)
ORDER BY p.project_id
