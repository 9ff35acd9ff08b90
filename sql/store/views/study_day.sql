-- The day of each study as the hub tells it: days from the index event of the case, before images are moved.
CREATE VIEW harmonize.study_day AS
SELECT project_id, case_key, coalesce(study_uid, submitter_id) AS study_uid, floor(min(days_to_study))::INTEGER AS day
FROM midrc.imaging_study
WHERE days_to_study IS NOT NULL
GROUP BY ALL;
