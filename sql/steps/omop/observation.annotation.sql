-- observation: one row a reading (a label that one reader gave), on the day of its study: the finding is the image's, and the
-- readers' clock is another calendar where dates were moved. observation_event_id is the study's procedure.
-- rows: omop.observation
-- when: annotation
SELECT row_key, record_id, mapping_id, person_id,
       concept_id AS observation_concept_id,
       study_date AS observation_date,
       type_concept_id AS observation_type_concept_id,
       coalesce(answer, left(label_name, 60)) AS value_as_string, value_concept_id AS value_as_concept_id,
       provider_id, visit_occurrence_id,
       source_value(coalesce(question, label_name), NULL) AS observation_source_value,
       source_concept_id AS observation_source_concept_id,
       source_value(label_name, NULL) AS value_source_value,
       source_value(read_role::VARCHAR, NULL) AS qualifier_source_value,
       procedure_occurrence_id AS observation_event_id, event_field('procedure_occurrence') AS obs_event_field_concept_id
FROM annotation_row
WHERE repeats IS NULL
