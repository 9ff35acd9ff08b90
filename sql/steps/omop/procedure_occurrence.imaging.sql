-- procedure_occurrence rows of imaging studies: one a person and study, except for studies that are a procedure which another
--   record told (study_match). Concept: the study's LOINC code, else the procedure that its record names, else a plain chest
--   X-ray for CR, DX and XR (as contributors write for both) of the chest, else 0 with modality|description as source value.
-- rows: omop.procedure_occurrence
-- keeps: imaging_procedure_row
-- when: study_row
SELECT md5(s.project_id || '|imaging_procedure|' || s.case_key || '|' || s.study_uid)::UUID AS row_key,
       s.record_id, s.mapping_id, s.support, s.project_id AS key_project_id, s.study_uid AS key_study_uid,
       s.person_id,
       CASE WHEN coalesce(l.target_concept_id, 0) <> 0 THEN l.target_concept_id
            WHEN coalesce(m.concept_id, 0) <> 0 THEN m.concept_id
            WHEN s.modality IN ('CR', 'DX', 'XR') AND s.region = 'Chest' THEN
                (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'SNOMED:399208008')
            ELSE 0 END AS procedure_concept_id,
       s.study_date AS procedure_date,
       coalesce(t.type_concept_id, 0) AS procedure_type_concept_id,
       s.visit_occurrence_id,
       source_value(CASE WHEN m.code IS NULL THEN coalesce(s.modality, '') || '|' || coalesce(s.study_description, '') END, m.code)
           AS procedure_source_value,
       coalesce(l.source_concept_id, m.source_concept_id, 0) AS procedure_source_concept_id
FROM study_row s
LEFT JOIN coding_target l ON l.coding = 'LOINC:' || s.loinc_code AND l.target_rank = 1
LEFT JOIN study_match m ON m.project_id = s.project_id AND m.study_uid = s.study_uid AND m.person_id = s.person_id
LEFT JOIN source_type t ON t.mapping_id = s.mapping_id
WHERE m.procedure_occurrence_id IS NULL
