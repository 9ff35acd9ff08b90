-- title: How many studies were taken in each month?
-- asked_by: Those who curate the commons; epidemiologists who look for waves.
-- parameter: project text; only this project
-- parameter: modality text; only this modality; XR is CR and DX
-- column: project_id; the project
-- column: month; the first day of the month, in the calendar of the project
-- column: modality; DICOM Modality
-- column: studies; studies
-- column: persons; and their persons
-- column: new_persons; persons who have such a study on their first day of all
-- needs: images, real-dates
-- note: In a project that counts or moves its days a month is no month of the calendar, and waves are not to be seen.
WITH study AS (
    SELECT project_id, person_id, modality, study_date,
           study_date = min(study_date) OVER (PARTITION BY project_id, person_id) AS is_first
    FROM linked.imaging_timeline
    WHERE project_id = coalesce($project, project_id)
)
SELECT project_id, date_trunc('month', study_date)::DATE AS month, modality, count(*) AS studies, count(DISTINCT person_id) AS persons,
       count(DISTINCT person_id) FILTER (is_first) AS new_persons
FROM study
WHERE $modality IS NULL OR $modality IN (modality, if(modality IN ('CR', 'DX'), 'XR', modality))
GROUP BY ALL
ORDER BY project_id, month, modality
