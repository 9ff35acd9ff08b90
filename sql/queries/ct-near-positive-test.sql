-- title: Which persons with COVID-19 had a CT within n days of the positive test?
-- asked_by: Radiologists and developers who build a cohort of images with a known status.
-- parameter: project text; only this project
-- parameter: days integer = 3; most days between sign and study, either way
-- parameter: modality text = CT; modality of the study; XR is CR and DX
-- parameter: basis test|antibody|diagnosis = test; which sign of COVID-19 counts; a flag has no day
-- parameter: imputed boolean = false; also signs whose day was taken from something else
-- column: project_id; the project of the study
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: study_uid; DICOM StudyInstanceUID
-- column: modality; DICOM Modality
-- column: region; region of the body
-- column: days_from_sign; days from the nearest sign to the study; negative: the study came first
-- column: date_basis; real, shifted or imputed: the day of that sign
-- needs: images, signs, imputed-signs
-- note: Days are those of the clinical records: a study is moved by the project's imaging_date_offset_days.
SELECT t.project_id, t.person_id, t.case_key, t.study_uid, t.modality, t.region,
       arg_min(t.clinical_date - s.date, (abs(t.clinical_date - s.date), s.date)) AS days_from_sign,
       arg_min(s.date_basis, (abs(t.clinical_date - s.date), s.date)) AS date_basis
FROM linked.imaging_timeline t
JOIN linked.covid_status s ON s.project_id = t.project_id AND s.person_id = t.person_id
WHERE t.project_id = coalesce($project, t.project_id)
  AND $modality IN (t.modality, if(t.modality IN ('CR', 'DX'), 'XR', t.modality))
  AND s.basis = $basis AND ($imputed OR s.date_basis <> 'imputed')
  AND abs(t.clinical_date - s.date) <= $days
GROUP BY t.project_id, t.person_id, t.case_key, t.study_uid, t.modality, t.region
ORDER BY t.project_id, t.person_id, t.study_uid
