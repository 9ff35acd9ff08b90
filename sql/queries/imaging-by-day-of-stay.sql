-- title: On which day of the stay are images taken?
-- asked_by: Radiologists and hospital planners.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: modality; DICOM Modality
-- column: region; region of the body
-- column: studies; studies
-- column: on_admission; on the day of admission
-- column: day_1_to_3; on the first to third day after it
-- column: later; later in the stay
-- column: outside_a_visit; within no visit
-- needs: images, visits
SELECT project_id, modality, region, count(*) AS studies,
       count(*) FILTER (visit_occurrence_id IS NOT NULL AND days_from_admission <= 0) AS on_admission,
       count(*) FILTER (visit_occurrence_id IS NOT NULL AND days_from_admission BETWEEN 1 AND 3) AS day_1_to_3,
       count(*) FILTER (visit_occurrence_id IS NOT NULL AND days_from_admission > 3) AS later,
       count(*) FILTER (visit_occurrence_id IS NULL) AS outside_a_visit
FROM linked.imaging_timeline
WHERE project_id = coalesce($project, project_id)
GROUP BY ALL
ORDER BY project_id, studies DESC, modality, region
