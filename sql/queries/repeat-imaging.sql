-- title: Who has n studies or more of one modality and region?
-- asked_by: Developers of models that follow a lesion; radiologists.
-- parameter: project text; only this project
-- parameter: studies integer = 3; fewest studies
-- parameter: modality text; only this modality; CR and DX are one: XR
-- parameter: region text; only this region, such as Chest
-- column: project_id; the project
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: modality; DICOM Modality; XR is CR and DX
-- column: region; region of the body
-- column: studies; studies
-- column: days; days from the first to the last
-- column: shortest_gap; fewest days between two that follow each other
-- needs: images
WITH study AS (
    SELECT project_id, person_id, case_key, if(modality IN ('CR', 'DX'), 'XR', modality) AS modality, region, study_date,
           study_date - lag(study_date) OVER (PARTITION BY project_id, person_id, if(modality IN ('CR', 'DX'), 'XR', modality), region
                                              ORDER BY study_date, study_uid) AS gap
    FROM linked.imaging_timeline
    WHERE project_id = coalesce($project, project_id)
)
SELECT project_id, person_id, min(case_key) AS case_key, modality, region, count(*) AS studies, max(study_date) - min(study_date) AS days,
       min(gap) AS shortest_gap
FROM study
WHERE ($modality IS NULL OR modality = if($modality IN ('CR', 'DX'), 'XR', $modality)) AND ($region IS NULL OR region = $region)
GROUP BY project_id, person_id, modality, region
HAVING count(*) >= $studies
ORDER BY studies DESC, project_id, person_id, modality, region
