-- title: Which persons have images and no clinical records, or records and no images?
-- asked_by: Sites that look at their own deliveries; those who curate the commons.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: side; images and records, images only, records only, neither
-- column: persons; persons
-- column: studies; their studies
-- needs: persons
WITH member AS (
    SELECT project_id, person_id, bool_or(basis = 'clinical') AS has_records
    FROM harmonize.person_case
    WHERE project_id = coalesce($project, project_id)
    GROUP BY project_id, person_id
),
study AS (
    SELECT project_id, person_id, count(*) AS studies FROM harmonize.image_link GROUP BY project_id, person_id
)
SELECT m.project_id,
       CASE WHEN m.has_records AND s.studies > 0 THEN 'images and records'
            WHEN s.studies > 0 THEN 'images only'
            WHEN m.has_records THEN 'records only'
            ELSE 'neither' END AS side,
       count(*) AS persons, coalesce(sum(s.studies), 0)::BIGINT AS studies
FROM member m
SEMI JOIN omop.person p ON p.person_id = m.person_id
LEFT JOIN study s ON s.project_id = m.project_id AND s.person_id = m.person_id
GROUP BY m.project_id, side
ORDER BY m.project_id, persons DESC, side
