-- title: What was a laboratory value nearest to each study?
-- asked_by: Researchers who set images beside laboratory values, such as C-reactive protein.
-- parameter: project text; only this project
-- parameter: lab text = C reactive protein; a part of the name of the measurement, or its LOINC code
-- parameter: days integer = 2; most days between value and study, either way
-- parameter: modality text; only this modality; XR is CR and DX
-- parameter: imputed boolean = false; also values whose day was taken from something else
-- column: project_id; the project of the study
-- column: person_id; the person
-- column: study_uid; DICOM StudyInstanceUID
-- column: modality; DICOM Modality
-- column: name; the measurement, as its concept or the source calls it
-- column: value; the value nearest to the study; of equally near ones the earlier, then the lower
-- column: unit; its unit
-- column: days_from_study; days from the study to the value; negative: the value came first
-- needs: images, labs, imputed-labs
-- note: Days are those of the clinical records: a study is moved by the project's imaging_date_offset_days.
WITH lab AS (
    SELECT m.person_id, m.measurement_date AS day, coalesce(c.concept_name, m.measurement_source_value) AS name,
           m.value_as_number AS value, coalesce(u.concept_code, m.unit_source_value) AS unit
    FROM omop.measurement m
    LEFT JOIN omop.concept c ON c.concept_id = nullif(m.measurement_concept_id, 0)
    LEFT JOIN omop.concept u ON u.concept_id = nullif(m.unit_concept_id, 0)
    ANTI JOIN (SELECT omop_id FROM harmonize.imputation
               WHERE omop_table = 'measurement' AND column_name = 'measurement_date' AND NOT $imputed) i
        ON i.omop_id = m.measurement_id
    WHERE m.value_as_number IS NOT NULL
      AND ($lab IN (c.concept_code, m.measurement_source_value)
           OR contains(lower(coalesce(c.concept_name, m.measurement_source_value)), lower($lab)))
)
SELECT t.project_id, t.person_id, t.study_uid, t.modality, l.name, l.value, l.unit, l.day - t.clinical_date AS days_from_study
FROM linked.imaging_timeline t
JOIN lab l ON l.person_id = t.person_id AND abs(l.day - t.clinical_date) <= $days
WHERE t.project_id = coalesce($project, t.project_id)
  AND ($modality IS NULL OR $modality IN (t.modality, if(t.modality IN ('CR', 'DX'), 'XR', t.modality)))
QUALIFY row_number() OVER (PARTITION BY t.project_id, t.person_id, t.study_uid, l.name
                           ORDER BY abs(l.day - t.clinical_date), l.day, l.value) = 1
ORDER BY t.project_id, t.person_id, t.study_uid, l.name
