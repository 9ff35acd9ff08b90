-- On which day of the stay are images taken?
SELECT modality, region, count(*) AS studies, count(DISTINCT person_id) AS persons,
       count(*) FILTER (visit_occurrence_id IS NOT NULL AND days_from_admission = 0) AS on_admission,
       count(*) FILTER (visit_occurrence_id IS NOT NULL AND days_from_admission BETWEEN 1 AND 3) AS day_1_to_3,
       count(*) FILTER (visit_occurrence_id IS NOT NULL AND days_from_admission > 3) AS later,
       count(*) FILTER (visit_occurrence_id IS NULL) AS outside_a_visit
FROM linked.imaging_timeline
GROUP BY modality, region
ORDER BY studies DESC
