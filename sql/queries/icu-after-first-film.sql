-- title: Who came to intensive care within n days of the first chest film?
-- asked_by: Developers of models that foretell deterioration; intensivists.
-- parameter: project text; only this project
-- parameter: days integer = 14; most days from the film to intensive care
-- parameter: imputed boolean = false; also stays whose day was taken from something else
-- column: project_id; the project of the film
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: study_uid; the first film: CR or DX of the chest
-- column: days_to_icu; days from it to the first intensive care on or after it
-- column: days_to_death; days from it to death; NULL: alive, or not known, or the day was taken from something else
-- needs: films, icu, imputed-icu
-- note: Days are those of the clinical records: a film is moved by the project's imaging_date_offset_days.
WITH film AS (
    SELECT project_id, person_id, case_key, study_uid, clinical_date
    FROM linked.imaging_timeline
    WHERE modality IN ('CR', 'DX') AND region = 'Chest' AND project_id = coalesce($project, project_id)
    QUALIFY row_number() OVER (PARTITION BY project_id, person_id ORDER BY clinical_date, study_uid) = 1
),
icu AS (
    SELECT d.person_id, d.visit_detail_start_date AS day
    FROM omop.visit_detail d
    JOIN omop.concept c ON c.concept_id = d.visit_detail_concept_id AND c.vocabulary_id = 'Visit' AND c.concept_code = 'OMOP4822460'
    ANTI JOIN (SELECT omop_id FROM harmonize.imputation
               WHERE omop_table = 'visit_detail' AND column_name = 'visit_detail_start_date' AND NOT $imputed) i
        ON i.omop_id = d.visit_detail_id
)
SELECT f.project_id, f.person_id, f.case_key, f.study_uid, min(i.day - f.clinical_date) AS days_to_icu,
       any_value(p.death_date) FILTER ($imputed OR e.omop_id IS NULL) - any_value(f.clinical_date) AS days_to_death
FROM film f
JOIN icu i ON i.person_id = f.person_id AND i.day - f.clinical_date BETWEEN 0 AND $days
LEFT JOIN linked.person_summary p ON p.person_id = f.person_id
LEFT JOIN (SELECT DISTINCT omop_id FROM harmonize.imputation WHERE omop_table = 'death') e ON e.omop_id = f.person_id
GROUP BY f.project_id, f.person_id, f.case_key, f.study_uid
ORDER BY f.project_id, f.person_id
