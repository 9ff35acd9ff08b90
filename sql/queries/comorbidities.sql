-- title: Which conditions do persons with images have?
-- asked_by: Authors who describe a cohort; developers who look for confounders.
-- parameter: project text; only this project
-- parameter: modality text; only persons with a study of this modality; XR is CR and DX
-- parameter: persons integer = 1; fewest persons with the condition
-- column: project_id; the project of the images
-- column: condition; the condition, as its concept or the source calls it
-- column: persons; persons with images who have it
-- column: percent; of all persons with such images, in percent
-- needs: images, conditions
WITH imaged AS (
    SELECT DISTINCT project_id, person_id
    FROM linked.imaging_timeline
    WHERE project_id = coalesce($project, project_id)
      AND ($modality IS NULL OR $modality IN (modality, if(modality IN ('CR', 'DX'), 'XR', modality)))
),
size AS (
    SELECT project_id, count(*) AS persons FROM imaged GROUP BY project_id
),
has AS (
    SELECT DISTINCT i.project_id, i.person_id, coalesce(n.concept_name, c.condition_source_value) AS condition
    FROM imaged i
    JOIN omop.condition_occurrence c ON c.person_id = i.person_id
    LEFT JOIN omop.concept n ON n.concept_id = nullif(c.condition_concept_id, 0)
)
SELECT h.project_id, h.condition, count(*) AS persons, round(100.0 * count(*) / any_value(s.persons), 1) AS percent
FROM has h
JOIN size s ON s.project_id = h.project_id
WHERE h.condition IS NOT NULL
GROUP BY h.project_id, h.condition
HAVING count(*) >= $persons
ORDER BY h.project_id, persons DESC, h.condition
