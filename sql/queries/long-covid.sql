-- title: Who is said to have long COVID, and which images are there?
-- asked_by: Researchers of what COVID-19 leaves behind.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: told_by; flag (midrc.case.long_covid_diagnosis) or diagnosis (a post-COVID-19 condition)
-- column: studies; imaging studies of the person in the project
-- column: last_modality; modality of the latest
-- needs: persons
WITH told AS (
    SELECT k.project_id, k.person_id, 'flag' AS told_by
    FROM midrc."case" f
    JOIN harmonize.person_case k ON k.project_id = f.project_id AND k.case_key = f.case_key
    WHERE f.long_covid_diagnosis = 'Yes'
    UNION ALL
    SELECT k.project_id, k.person_id, 'diagnosis'
    FROM omop.condition_occurrence o
    JOIN omop.concept c ON c.concept_id IN (o.condition_concept_id, o.condition_source_concept_id)
     AND ((c.vocabulary_id = 'SNOMED' AND c.concept_code = '1119303003') OR (c.vocabulary_id = 'ICD10CM' AND c.concept_code = 'U09.9'))
    JOIN harmonize.person_case k ON k.person_id = o.person_id
),
study AS (
    SELECT project_id, person_id, count(*) AS studies, arg_max(modality, (study_date, modality)) AS last_modality
    FROM linked.imaging_timeline
    GROUP BY project_id, person_id
)
SELECT t.project_id, t.person_id, min(k.case_key) AS case_key, min(t.told_by) AS told_by, coalesce(any_value(s.studies), 0) AS studies,
       any_value(s.last_modality) AS last_modality
FROM told t
JOIN harmonize.person_case k ON k.project_id = t.project_id AND k.person_id = t.person_id
LEFT JOIN study s ON s.project_id = t.project_id AND s.person_id = t.person_id
WHERE t.project_id = coalesce($project, t.project_id)
GROUP BY t.project_id, t.person_id
ORDER BY t.project_id, t.person_id
