-- title: Are patients who had a chest CT sicker than the others?
-- asked_by: Clinicians; reviewers who look for selection.
-- parameter: project text; only this project
-- parameter: imputed boolean = false; also lengths of stays whose end was taken from something else
-- column: imaging; chest CT or no chest CT
-- column: persons; persons with a visit
-- column: in_icu; of them in intensive care
-- column: deaths; died
-- column: percent_died; the same in percent
-- column: median_days; median length of the longest stay in days
-- needs: visits, images, imputed-visits
WITH chest_ct AS (
    SELECT DISTINCT person_id FROM linked.imaging_timeline WHERE modality = 'CT' AND region = 'Chest'
),
stay AS (
    SELECT v.person_id, max(v.visit_end_date - v.visit_start_date) FILTER ($imputed OR i.omop_id IS NULL) AS days
    FROM omop.visit_occurrence v
    LEFT JOIN (SELECT DISTINCT omop_id FROM harmonize.imputation WHERE omop_table = 'visit_occurrence') i
        ON i.omop_id = v.visit_occurrence_id
    GROUP BY v.person_id
),
icu AS (
    SELECT DISTINCT d.person_id
    FROM omop.visit_detail d
    JOIN omop.concept c ON c.concept_id = d.visit_detail_concept_id AND c.vocabulary_id = 'Visit' AND c.concept_code = 'OMOP4822460'
)
SELECT CASE WHEN t.person_id IS NULL THEN 'no chest CT' ELSE 'chest CT' END AS imaging, count(*) AS persons,
       count(i.person_id) AS in_icu, count(p.death_date) AS deaths, round(100.0 * count(p.death_date) / count(*), 1) AS percent_died,
       median(s.days) AS median_days
FROM linked.person_summary p
SEMI JOIN harmonize.person_case k ON k.person_id = p.person_id AND k.project_id = coalesce($project, k.project_id)
JOIN stay s ON s.person_id = p.person_id
LEFT JOIN chest_ct t ON t.person_id = p.person_id
LEFT JOIN icu i ON i.person_id = p.person_id
GROUP BY imaging
ORDER BY imaging
