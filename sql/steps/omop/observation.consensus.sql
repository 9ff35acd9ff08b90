-- observation: what the readings of a study agree on (harmonize.annotation_consensus), one row a study and question that has an
-- answer; kept apart from the readings by a concept of its own (coding#consensus) and supported by the records of all that voted.
-- rows: omop.observation
-- when: annotation
-- reads: harmonize.image_link
WITH vote AS (
    SELECT project_id, case_key, study_uid, question, min(record_id) FILTER (repeats IS NULL) AS record_id,
           arg_min(mapping_id, record_id) FILTER (repeats IS NULL) AS mapping_id, list(DISTINCT record_id ORDER BY record_id) AS support,
           any_value(person_id) AS person_id, any_value(study_date) AS study_date,
           any_value(visit_occurrence_id) AS visit_occurrence_id,
           any_value(procedure_occurrence_id) AS procedure_occurrence_id,
           any_value(type_concept_id) AS type_concept_id, min(coding) AS coding
    FROM annotation_row
    WHERE question IS NOT NULL AND read_role IN ('independent', 'adjudication')
    GROUP BY project_id, case_key, study_uid, question
),
answer AS (
    SELECT project_id, case_key, study_uid, question, answer, any_value(value_concept_id) AS value_concept_id
    FROM annotation_row GROUP BY ALL
)
SELECT md5(concat_ws('|', project_id, 'annotation_consensus', case_key, study_uid, question))::UUID AS row_key,
       v.record_id, v.mapping_id, v.support, v.person_id,
       coalesce(c.target_concept_id, 0) AS observation_concept_id,
       v.study_date AS observation_date, v.type_concept_id AS observation_type_concept_id,
       s.answer AS value_as_string, a.value_concept_id AS value_as_concept_id,
       v.visit_occurrence_id,
       source_value(question || ' consensus', NULL) AS observation_source_value,
       coalesce(c.source_concept_id, 0) AS observation_source_concept_id,
       s.status AS qualifier_source_value, s.answer AS value_source_value,
       v.procedure_occurrence_id AS observation_event_id, event_field('procedure_occurrence') AS obs_event_field_concept_id
FROM harmonize.annotation_consensus s
JOIN vote v USING (project_id, case_key, study_uid, question)
LEFT JOIN answer a USING (project_id, case_key, study_uid, question, answer)
LEFT JOIN coding_target c ON c.coding = v.coding || '#consensus' AND c.target_rank = 1
WHERE s.answer IS NOT NULL
