-- The patients of $project with exams by day and images by date, those that a person should look at first.
SELECT case_key, tier, exam_days, study_days, fitting_days, near_days, described_days, runner_up_days, runner_up_shift
FROM harmonize.day_match
WHERE project_id = $project
ORDER BY list_position(['contradiction', 'poor_fit', 'tie', 'near_tie', 'no_pair', 'single_pair', 'unique', 'study_uid'], tier), case_key
