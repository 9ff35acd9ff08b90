-- title: Which studies are of persons who tested negative and never had a sign of COVID-19?
-- asked_by: Developers who need controls.
-- parameter: project text; only this project
-- parameter: days integer = 3; most days between negative test and study, either way
-- parameter: modality text; only this modality; XR is CR and DX
-- parameter: imputed boolean = false; also tests whose day was taken from something else
-- column: project_id; the project of the study
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: study_uid; DICOM StudyInstanceUID
-- column: modality; DICOM Modality
-- column: region; region of the body
-- column: days_from_test; days from the nearest negative test to the study; negative: the study came first
-- needs: images, tests, imputed-tests
-- note: Days are those of the clinical records: a study is moved by the project's imaging_date_offset_days.
WITH test AS (
    SELECT t.person_id, t.test_date
    FROM linked.covid_test t
    ANTI JOIN (SELECT omop_id FROM harmonize.imputation
               WHERE omop_table = 'measurement' AND column_name = 'measurement_date' AND NOT $imputed) i
        ON i.omop_id = t.measurement_id
    ANTI JOIN linked.covid_status s ON s.person_id = t.person_id
    WHERE t.result = 'Negative'
)
SELECT s.project_id, s.person_id, s.case_key, s.study_uid, s.modality, s.region,
       arg_min(s.clinical_date - t.test_date, (abs(s.clinical_date - t.test_date), t.test_date)) AS days_from_test
FROM linked.imaging_timeline s
JOIN test t ON t.person_id = s.person_id AND abs(s.clinical_date - t.test_date) <= $days
WHERE s.project_id = coalesce($project, s.project_id)
  AND ($modality IS NULL OR $modality IN (s.modality, if(s.modality IN ('CR', 'DX'), 'XR', s.modality)))
GROUP BY s.project_id, s.person_id, s.case_key, s.study_uid, s.modality, s.region
ORDER BY s.project_id, s.person_id, s.study_uid
