-- title: How long are the stays, by kind of visit?
-- asked_by: Clinicians and hospital planners.
-- parameter: project text; only this project
-- parameter: imaged boolean = false; only visits with an imaging study
-- parameter: imputed boolean = false; also lengths of visits whose end was taken from something else
-- column: visit; kind of the visit
-- column: visits; visits
-- column: persons; and their persons
-- column: imaged; visits with an imaging study
-- column: median_days; median length in days, of visits that have one
-- column: p90_days; the length that nine of ten do not exceed
-- column: longest_days; the longest
-- needs: visits, imputed-visits
WITH visit AS (
    SELECT v.visit_occurrence_id, v.person_id, coalesce(c.concept_name, v.visit_source_value) AS visit,
           CASE WHEN $imputed OR i.omop_id IS NULL THEN v.visit_end_date - v.visit_start_date END AS days,
           EXISTS (FROM harmonize.image_link l WHERE l.visit_occurrence_id = v.visit_occurrence_id) AS is_imaged
    FROM omop.visit_occurrence v
    SEMI JOIN harmonize.person_case k ON k.person_id = v.person_id AND k.project_id = coalesce($project, k.project_id)
    LEFT JOIN omop.concept c ON c.concept_id = nullif(v.visit_concept_id, 0)
    LEFT JOIN (SELECT DISTINCT omop_id FROM harmonize.imputation WHERE omop_table = 'visit_occurrence') i
        ON i.omop_id = v.visit_occurrence_id
)
SELECT visit, count(*) AS visits, count(DISTINCT person_id) AS persons, count(*) FILTER (is_imaged) AS imaged,
       median(days) AS median_days, quantile_disc(days, 0.9) AS p90_days, max(days) AS longest_days
FROM visit
WHERE is_imaged OR NOT $imaged
GROUP BY visit
ORDER BY visits DESC, visit
