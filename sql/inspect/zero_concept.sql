-- Concept columns of OMOP rows that hold 0 although the source said something, counted by the code of the hub row: its coding, else
--   the one of its codings that speaks (coding_choice).
--   is_statement: 0 by rule, because the row says that a thing is absent, refuted, planned or of a relative, or how an
--   age is known; not because a code is missing.
CREATE OR REPLACE TEMP TABLE zero_concept AS
WITH hub AS (
    SELECT 'condition' AS node, record_id, mapping_id, row_key, coding, value_coding, kind, assertion, certainty, subject_role, codings
    FROM midrc.condition
    UNION ALL BY NAME
    -- of a drug of several ingredients each has a row (sql/steps/events/hub_event.sql)
    SELECT 'medication' AS node, m.record_id, m.mapping_id,
           CASE WHEN d.is_ingredient AND m.codings IS NULL THEN md5(m.row_key::VARCHAR || '|' || d.row_key)::UUID ELSE m.row_key END
               AS row_key,
           m.coding, m.value_coding, m.kind, m.assertion, m.certainty,
           m.subject_role,
           m.route_coding, m.route_codings, coalesce(m.codings, d.codings) AS codings
    FROM midrc.medication m
    LEFT JOIN (SELECT *, count(*) OVER (PARTITION BY project_id, drug_key) > 1 AS is_ingredient FROM midrc.drug) d
        USING (project_id, drug_key)
    UNION ALL BY NAME
    SELECT 'procedure' AS node, record_id, mapping_id, row_key, coding, value_coding, kind, assertion, certainty, subject_role,
           modifier_coding, codings
    FROM midrc.procedure
    UNION ALL BY NAME
    SELECT 'device' AS node, e.record_id, e.mapping_id, e.row_key, e.coding, e.kind, e.assertion, e.certainty, e.subject_role,
           coalesce(e.codings, d.codings) AS codings
    FROM midrc.device e LEFT JOIN midrc.device_definition d USING (project_id, device_key)
    UNION ALL BY NAME
    SELECT 'measurement' AS node, record_id, mapping_id, row_key, coding, value_coding, kind, assertion, certainty, subject_role,
           unit_code, codings,
           value_codings
    FROM midrc.measurement
    UNION ALL BY NAME
    SELECT 'observation' AS node, record_id, mapping_id, row_key, coding, value_coding, kind, assertion, certainty, subject_role, unit_code,
           qualifier_coding, codings, value_codings
    FROM midrc.observation
    UNION ALL BY NAME
    SELECT record_id, mapping_id, row_key, coding, admit_source_coding, discharge_coding FROM midrc.visit
    UNION ALL BY NAME
    SELECT record_id, mapping_id, row_key, coding FROM midrc.visit_detail
    UNION ALL BY NAME
    SELECT record_id, mapping_id, row_key, gender_coding, race_coding, ethnicity_coding FROM midrc."case"
    UNION ALL BY NAME
    SELECT record_id, mapping_id, row_key, coding, value_coding FROM midrc.annotation
    UNION ALL BY NAME
    SELECT record_id, mapping_id, row_key, cause_coding FROM midrc.death
    UNION ALL BY NAME
    SELECT s.record_id, s.mapping_id, s.row_key, coalesce(m.concept, 'DICOM:' || upper(trim(coalesce(s.modality, s.data_category))))
               AS modality_coding
    FROM midrc.imaging_series s
    LEFT JOIN read_csv($modalities, delim = '\t', quote = '', escape = '', header = true, all_varchar = true, nullstr = '') m
      ON m.modality = upper(trim(coalesce(s.modality, s.data_category)))
),
cell AS (
    SELECT 'person' AS omop_table, person_id AS omop_id, unnest([
        {'name': 'gender_concept_id', 'slot': 'gender', 'concept': gender_concept_id, 'said': gender_source_value},
        {'name': 'race_concept_id', 'slot': 'race', 'concept': race_concept_id, 'said': race_source_value},
        {'name': 'ethnicity_concept_id', 'slot': 'ethnicity', 'concept': ethnicity_concept_id, 'said': ethnicity_source_value}]) AS c
    FROM omop.person
    UNION ALL
    SELECT 'visit_occurrence', visit_occurrence_id, unnest([
        {'name': 'visit_concept_id', 'slot': 'thing', 'concept': visit_concept_id, 'said': visit_source_value},
        {'name': 'admitted_from_concept_id', 'slot': 'admit_source', 'concept': admitted_from_concept_id,
         'said': admitted_from_source_value},
        {'name': 'discharged_to_concept_id', 'slot': 'discharge', 'concept': discharged_to_concept_id, 'said': discharged_to_source_value}])
    FROM omop.visit_occurrence
    UNION ALL
    SELECT 'visit_detail', visit_detail_id,
        {'name': 'visit_detail_concept_id', 'slot': 'thing', 'concept': visit_detail_concept_id, 'said': visit_detail_source_value}
    FROM omop.visit_detail
    UNION ALL
    SELECT 'condition_occurrence', condition_occurrence_id,
        {'name': 'condition_concept_id', 'slot': 'thing', 'concept': condition_concept_id, 'said': condition_source_value}
    FROM omop.condition_occurrence
    UNION ALL
    SELECT 'drug_exposure', drug_exposure_id, unnest([
        {'name': 'drug_concept_id', 'slot': 'thing', 'concept': drug_concept_id, 'said': drug_source_value},
        {'name': 'route_concept_id', 'slot': 'route', 'concept': route_concept_id, 'said': route_source_value}])
    FROM omop.drug_exposure
    UNION ALL
    SELECT 'procedure_occurrence', procedure_occurrence_id, unnest([
        {'name': 'procedure_concept_id', 'slot': 'thing', 'concept': procedure_concept_id, 'said': procedure_source_value},
        {'name': 'modifier_concept_id', 'slot': 'modifier', 'concept': modifier_concept_id, 'said': modifier_source_value}])
    FROM omop.procedure_occurrence
    UNION ALL
    SELECT 'device_exposure', device_exposure_id,
        {'name': 'device_concept_id', 'slot': 'thing', 'concept': device_concept_id, 'said': device_source_value}
    FROM omop.device_exposure
    UNION ALL
    SELECT 'measurement', measurement_id, unnest([
        {'name': 'measurement_concept_id', 'slot': 'thing', 'concept': measurement_concept_id, 'said': measurement_source_value},
        {'name': 'value_as_concept_id', 'slot': 'value', 'concept': value_as_concept_id, 'said': value_source_value},
        {'name': 'unit_concept_id', 'slot': 'unit', 'concept': unit_concept_id, 'said': unit_source_value}])
    FROM omop.measurement
    UNION ALL
    SELECT 'observation', observation_id, unnest([
        {'name': 'observation_concept_id', 'slot': 'thing', 'concept': observation_concept_id, 'said': observation_source_value},
        {'name': 'value_as_concept_id', 'slot': 'value', 'concept': value_as_concept_id, 'said': value_source_value},
        {'name': 'qualifier_concept_id', 'slot': 'qualifier', 'concept': qualifier_concept_id, 'said': qualifier_source_value},
        {'name': 'unit_concept_id', 'slot': 'unit', 'concept': unit_concept_id, 'said': unit_source_value}])
    FROM omop.observation
    UNION ALL
    SELECT 'death', person_id,
        {'name': 'cause_concept_id', 'slot': 'cause', 'concept': cause_concept_id, 'said': cause_source_value}
    FROM omop.death
    UNION ALL
    SELECT 'image_occurrence', image_occurrence_id,
        {'name': 'modality_concept_id', 'slot': 'modality', 'concept': modality_concept_id, 'said': NULL::VARCHAR}
    FROM omop.image_occurrence
),
coded AS (
    SELECT z.omop_table, z.c.name AS column_name, z.c.said,
           CASE z.c.slot
               WHEN 'thing' THEN coalesce(h.coding, k.coding)
               -- of what is not an event, the thing itself is the value
               WHEN 'value' THEN coalesce(h.value_coding, v.coding, h.coding, k.coding)
               WHEN 'unit' THEN 'UCUM:' || h.unit_code
               WHEN 'route' THEN coalesce(h.route_coding, r.coding)
               WHEN 'modifier' THEN h.modifier_coding
               WHEN 'qualifier' THEN h.qualifier_coding
               WHEN 'admit_source' THEN h.admit_source_coding
               WHEN 'discharge' THEN h.discharge_coding
               WHEN 'gender' THEN h.gender_coding
               WHEN 'race' THEN h.race_coding
               WHEN 'ethnicity' THEN h.ethnicity_coding
               WHEN 'cause' THEN h.cause_coding
               WHEN 'modality' THEN h.modality_coding
           END AS coding,
           z.c.name = 'observation_concept_id'
               AND (z.c.said IS NOT DISTINCT FROM 'age_precision'
                    OR coalesce(h.assertion, 'present') <> 'present' OR coalesce(h.certainty, 'confirmed') <> 'confirmed'
                    OR coalesce(h.subject_role, 'patient') <> 'patient' OR coalesce(h.kind, 'event') <> 'event') AS is_statement
    FROM (FROM cell WHERE c.concept = 0) z
    JOIN harmonize.row_source s
      ON s.omop_table = z.omop_table::harmonize.omop_table AND s.omop_id = z.omop_id AND s.role = 'primary'
    LEFT JOIN harmonize.row_id i ON i.omop_table = s.omop_table AND i.omop_id = s.omop_id
    LEFT JOIN hub h ON h.record_id = s.record_id AND h.mapping_id = s.mapping_id
    LEFT JOIN coding_choice k ON k.node = h.node AND k.codings = h.codings
    LEFT JOIN coding_choice v ON v.node = 'value' AND v.codings = h.value_codings
    LEFT JOIN coding_choice r ON r.node = 'route' AND r.codings = h.route_codings
    -- one mapping may make several hub rows of a record, such as the components of a result: the row's own is meant
    QUALIFY row_number() OVER (PARTITION BY z.omop_table, z.omop_id, z.c.name ORDER BY h.row_key IS DISTINCT FROM i.row_key, h.row_key) = 1
)
SELECT omop_table, column_name, coding, CASE WHEN coding IS NULL THEN said END AS uncoded, is_statement,
       CASE WHEN count(DISTINCT said) <= 3 THEN string_agg(DISTINCT said, ', ' ORDER BY said) END AS said, count(*) AS rows
FROM coded
WHERE coding IS NOT NULL OR said IS NOT NULL
GROUP BY omop_table, column_name, coding, uncoded, is_statement
