-- Procedures that clinical records told already, beside those made of studies.
-- when: study_row
INSERT INTO imaging_procedure_row BY NAME
SELECT procedure_occurrence_id, project_id, study_uid, person_id
FROM study_match
WHERE procedure_occurrence_id IS NOT NULL
