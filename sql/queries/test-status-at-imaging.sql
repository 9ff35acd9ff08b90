-- title: What was the status of COVID-19 at each study's time?
-- asked_by: Developers who count cases and controls.
-- parameter: project text; only this project
-- parameter: days integer = 14; most days between the nearest test and the study, either way
-- parameter: imputed boolean = false; also tests whose day was taken from something else
-- column: project_id; the project
-- column: modality; DICOM Modality
-- column: status; Positive or Negative: the nearest test within the days; Unknown: there is none
-- column: studies; studies
-- column: persons; and their persons
-- needs: images, tests, imputed-tests
-- note: Days are those of the clinical records. The days of the MIDRC dictionary are not moved by an offset of images.
WITH test AS (
    SELECT t.person_id, t.result, t.test_date
    FROM linked.covid_test t
    ANTI JOIN (SELECT omop_id FROM harmonize.imputation
               WHERE omop_table = 'measurement' AND column_name = 'measurement_date' AND NOT $imputed) i
        ON i.omop_id = t.measurement_id
    WHERE t.result <> 'Indeterminate'
),
study AS (
    SELECT s.project_id, s.person_id, s.study_uid, s.modality,
           arg_min(t.result, (abs(t.test_date - s.clinical_date), t.result <> 'Positive', t.test_date)) AS result
    FROM linked.imaging_timeline s
    LEFT JOIN test t ON t.person_id = s.person_id AND abs(t.test_date - s.clinical_date) <= $days
    WHERE s.project_id = coalesce($project, s.project_id)
    GROUP BY ALL
)
SELECT project_id, modality, coalesce(result, 'Unknown') AS status, count(*) AS studies, count(DISTINCT person_id) AS persons
FROM study
GROUP BY ALL
ORDER BY project_id, modality, status
