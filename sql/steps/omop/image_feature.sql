-- image_feature: one row a reading whose image is here; the value is in the observation that it points at, the reader there.
-- rows: omop.image_feature
-- when: annotation
-- after: observation.annotation
SELECT n.row_key, n.record_id, n.mapping_id, n.person_id, n.image_occurrence_id,
       n.concept_id AS image_feature_concept_id, n.type_concept_id AS image_feature_type_concept_id,
       event_table('observation') AS image_feature_event_field_concept_id, i.omop_id AS image_feature_event_id,
       n.value_concept_id AS image_finding_concept_id, n.anatomic_site_concept_id
FROM annotation_row n
JOIN harmonize.row_id i ON i.omop_table = 'observation' AND i.row_key = n.row_key
WHERE n.image_occurrence_id IS NOT NULL AND n.repeats IS NULL
