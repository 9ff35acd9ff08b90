-- title: Which studies were taken n days or more after COVID-19 began?
-- asked_by: Researchers of what COVID-19 leaves in the lung.
-- parameter: project text; only this project
-- parameter: days integer = 90; fewest days from the first sign to the study
-- parameter: modality text; only this modality; XR is CR and DX
-- parameter: basis test|antibody|diagnosis; only this sign; without it the first positive test, else the first diagnosis
-- parameter: imputed boolean = false; also signs whose day was taken from something else
-- column: project_id; the project of the study
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: study_uid; DICOM StudyInstanceUID
-- column: modality; DICOM Modality
-- column: region; region of the body
-- column: basis; the sign that the days are counted from
-- column: days_from_covid; days from it to the study
-- needs: images, signs, imputed-signs
-- note: Days are those of the clinical records: a study is moved by the project's imaging_date_offset_days.
WITH first_sign AS (
    SELECT project_id, person_id, basis, date
    FROM linked.covid_status
    WHERE date IS NOT NULL AND ($imputed OR date_basis <> 'imputed') AND basis IN ('test', 'antibody', 'diagnosis')
      AND CASE WHEN $basis IS NULL THEN basis <> 'antibody' ELSE basis = $basis END
    QUALIFY row_number() OVER (PARTITION BY project_id, person_id ORDER BY basis <> 'test', date) = 1
)
SELECT t.project_id, t.person_id, t.case_key, t.study_uid, t.modality, t.region, s.basis, t.clinical_date - s.date AS days_from_covid
FROM linked.imaging_timeline t
JOIN first_sign s ON s.project_id = t.project_id AND s.person_id = t.person_id
WHERE t.project_id = coalesce($project, t.project_id) AND t.clinical_date - s.date >= $days
  AND ($modality IS NULL OR $modality IN (t.modality, if(t.modality IN ('CR', 'DX'), 'XR', t.modality)))
ORDER BY t.project_id, t.person_id, days_from_covid, t.study_uid
