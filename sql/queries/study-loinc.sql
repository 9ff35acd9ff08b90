-- title: Which LOINC codes do the studies have, and which have none?
-- asked_by: Those who curate the commons; developers who choose studies by what was examined.
-- parameter: project text; only this project
-- parameter: coded boolean; only studies that have a LOINC code (true) or that have none (false)
-- column: project_id; the project
-- column: modality; DICOM Modality
-- column: loinc_code; the study's LOINC code; NULL where none is known
-- column: loinc_name; its long common name
-- column: study_description; of studies without a code their StudyDescription
-- column: studies; studies
-- column: persons; and their persons
-- needs: images
WITH study AS (
    SELECT t.project_id, t.person_id, t.modality, t.study_description,
           coalesce(s.loinc_code, CASE WHEN c.vocabulary_id = 'LOINC' THEN c.concept_code END) AS loinc_code,
           coalesce(s.loinc_long_common_name, CASE WHEN c.vocabulary_id = 'LOINC' THEN c.concept_name END) AS loinc_name
    FROM linked.imaging_timeline t
    LEFT JOIN linked.imaging_study_clinical s ON s.project_id = t.project_id AND s.case_key = t.case_key AND s.study_uid = t.study_uid
    LEFT JOIN omop.procedure_occurrence p ON p.procedure_occurrence_id = t.procedure_occurrence_id
    LEFT JOIN omop.concept c ON c.concept_id = nullif(p.procedure_concept_id, 0)
    WHERE t.project_id = coalesce($project, t.project_id)
)
SELECT project_id, modality, loinc_code, loinc_name, CASE WHEN loinc_code IS NULL THEN study_description END AS study_description,
       count(*) AS studies, count(DISTINCT person_id) AS persons
FROM study
WHERE (loinc_code IS NOT NULL) = coalesce($coded, loinc_code IS NOT NULL)
GROUP BY ALL
ORDER BY project_id, studies DESC, modality, loinc_code, study_description
