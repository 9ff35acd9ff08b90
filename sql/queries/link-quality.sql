-- title: How were the studies linked to persons, visits and procedures?
-- asked_by: Those who curate the commons; reviewers of a release.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: person_tier; how the person was found
-- column: visit_tier; how the visit was found
-- column: procedure_tier; how the procedure was found
-- column: offset_days; the project's imaging_date_offset_days
-- column: studies; studies
-- column: persons; and their persons
-- needs: images
SELECT project_id, person_tier, tier AS visit_tier, procedure_tier, imaging_date_offset_days AS offset_days, count(*) AS studies,
       count(DISTINCT person_id) AS persons
FROM harmonize.image_link
WHERE project_id = coalesce($project, project_id)
GROUP BY ALL
ORDER BY project_id, studies DESC, person_tier, visit_tier, procedure_tier
