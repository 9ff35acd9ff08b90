-- title: How many days after admission comes the first image of each modality?
-- asked_by: Radiologists and hospital planners.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: modality; DICOM Modality
-- column: persons; persons with a study of it within a visit
-- column: on_admission; of them on the day of admission
-- column: median_days; median of the days from admission to the first one
-- column: p90_days; the days within which nine of ten have it
-- needs: images, visits
WITH first_study AS (
    SELECT project_id, person_id, modality, min(days_from_admission) AS days
    FROM linked.imaging_timeline
    WHERE visit_occurrence_id IS NOT NULL AND project_id = coalesce($project, project_id)
    GROUP BY ALL
)
SELECT project_id, modality, count(*) AS persons, count(*) FILTER (days <= 0) AS on_admission, median(days) AS median_days,
       quantile_disc(days, 0.9) AS p90_days
FROM first_study
GROUP BY project_id, modality
ORDER BY project_id, persons DESC, modality
