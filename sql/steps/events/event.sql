-- One row per event and standard concept, with the table it goes to.
--   Only what is present, confirmed, about the patient and an event routes by the domain of its concept; all else is
--   an observation. A code without a standard concept stays in its node's own table with concept 0.
CREATE OR REPLACE TEMP TABLE event AS
WITH coded AS (
    SELECT h.*, c.code, c.vocabulary_id, coalesce(c.source_concept_id, 0) AS source_concept_id,
           coalesce(c.target_concept_id, 0) AS target_concept_id, c.domain_id, c.target_code, c.target_count,
           c.value_concept_id AS maps_to_value_concept_id,
           coalesce(h.kind = 'allergy' AND h.question_coding IS NOT NULL AND c.domain_id = 'Observation' AND c.target_concept_id <> 0,
                    false) AS is_allergy_finding,
           -- what is absent, refuted or not done: its answer is No, and the thing stands as source concept alone
           coalesce(h.assertion = 'absent', false) OR coalesce(h.certainty = 'refuted', false) AS is_no,
           coalesce(h.assertion, 'present') = 'present' AND coalesce(h.certainty, 'confirmed') = 'confirmed'
               AND coalesce(h.subject_role, 'patient') = 'patient' AND coalesce(h.kind, 'event') = 'event' AS routes
    FROM hub_event h
    LEFT JOIN coding_target c USING (coding)
    ANTI JOIN (FROM shared_event WHERE rank > 1) x USING (record_id, mapping_id)
    -- a code with several standard concepts makes an event of each, but one No
    WHERE NOT (is_no AND coalesce(c.target_rank, 1) > 1)
)
SELECT e.node, e.record_id, e.mapping_id, e.project_id, e.case_key, e.person_id, e.visit_occurrence_id, e.provider_key, e.visit_detail_key,
       CASE WHEN e.target_count > 1 AND NOT e.is_no THEN md5(e.row_key::VARCHAR || '|' || e.target_code)::UUID
            ELSE e.row_key END AS row_key,
       CASE WHEN NOT e.routes THEN 'observation'
            WHEN e.target_concept_id = 0 OR e.domain_id IS NULL THEN e.own_table
            ELSE coalesce(r.omop_table, 'observation') END AS omop_table,
       CASE WHEN e.routes THEN e.target_concept_id
            WHEN e.is_no THEN 0
            WHEN e.subject_role = 'family_member'  -- family history of clinical finding
                THEN (SELECT coalesce(max(target_concept_id), 0) FROM coding_target WHERE coding = 'SNOMED:416471007')
            -- "no known allergy" and findings of allergy are the observation themselves
            WHEN e.is_allergy_finding THEN e.target_concept_id
            WHEN e.kind = 'allergy' THEN coalesce(qn.target_concept_id, 0)
            WHEN e.kind = 'history' AND coalesce(e.assertion, 'present') = 'present'
                THEN (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'SNOMED:417662000')
            ELSE 0 END AS concept_id,
       e.source_concept_id,
       source_value(e.text, e.code) AS source_value,
       e.start_date, e.start_datetime, e.end_date, e.end_datetime, e.end_unstated, e.start_imputation,
       -- how the start was found, where the source does not state a day
       CASE WHEN e.start_imputed OR e.start_imputation IN ('timing_event', 'period_end') THEN e.start_imputation::VARCHAR
            WHEN e.start_precision IS NOT NULL THEN 'first_of_' || e.start_precision END AS start_rule,
       CASE WHEN e.start_imputed THEN (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'Type Concept:OMOP4976955')
            ELSE coalesce(nullif(t.target_concept_id, 0), own_type.type_concept_id, 0) END AS type_concept_id,
       -- a written prescription (32838) or order (32833); what is taken home is none of the stay in which it was written
       coalesce(e.type_hint IN ('Type Concept:OMOP4976911', 'Type Concept:OMOP4976906'), false) AS is_order,
       e.is_inpatient AND coalesce(lower(e.category) NOT IN ('community', 'discharge', 'outpatient'), true) AS is_of_stay,
       e.visit_end,
       e.assertion, e.routes, e.kind, e.status, e.stop_reason, e.quantity,
       e.days_supply, e.daily_dose, e.duration_days, e.refills, e.lot, e.dosage_text, e.dose_unit,
       coalesce(e.route, ro.code) AS route, ro.target_concept_id AS route_concept_id,
       e.modifier, mo.target_concept_id AS modifier_concept_id,
       coalesce(e.qualifier, CASE WHEN e.is_no THEN e.stop_reason END) AS qualifier,
       qu.target_concept_id AS qualifier_concept_id, e.udi, e.production_id,
       -- an answer is a word, never the code of a registry
       e.value_number,
       CASE WHEN e.is_no THEN 'No'
            WHEN e.assertion = 'unknown' AND NOT coalesce(regexp_matches(e.value_text, '[A-Za-z]{3}'), false) THEN 'Unknown'
            ELSE e.value_text END AS value_text,
       e.value_text AS value_said, CASE WHEN e.value_is_coded THEN va.code END AS value_code, e.reference_low, e.reference_high,
       nullif(op.target_concept_id, 0) AS operator_concept_id,
       -- an answer that was given but has no concept is 0; a thing that is not an event stands here itself
       CASE WHEN e.is_no THEN (SELECT coalesce(max(target_concept_id), 0) FROM coding_target WHERE coding = 'LOINC:LA32-8')
            WHEN e.value_coding IS NOT NULL THEN coalesce(va.target_concept_id, 0)
            WHEN e.assertion = 'unknown' THEN 0
            WHEN e.maps_to_value_concept_id IS NOT NULL THEN e.maps_to_value_concept_id
            WHEN e.value_is_coded THEN 0  -- a coded answer that is given in words alone
            WHEN NOT e.routes AND NOT e.is_allergy_finding THEN e.target_concept_id END AS value_as_concept_id,
       e.unit_text,
       CASE WHEN e.unit_code IS NOT NULL THEN coalesce(un.target_concept_id, 0) WHEN e.unit_text IS NOT NULL THEN 0 END
           AS unit_concept_id
FROM coded e
LEFT JOIN domain_route r ON r.domain_id = e.domain_id
LEFT JOIN coding_target t ON t.coding = e.type_hint AND t.target_rank = 1
LEFT JOIN coding_target ro ON ro.coding = e.route_coding AND ro.target_rank = 1
LEFT JOIN coding_target mo ON mo.coding = e.modifier_coding AND mo.target_rank = 1
LEFT JOIN coding_target qu ON qu.coding = e.qualifier_coding AND qu.target_rank = 1
LEFT JOIN coding_target qn ON qn.coding = e.question_coding AND qn.target_rank = 1
LEFT JOIN coding_target va ON va.coding = e.value_coding AND va.target_rank = 1
LEFT JOIN coding_target un ON un.coding = 'UCUM:' || e.unit_code AND un.target_rank = 1
LEFT JOIN coding_target op ON op.coding = 'Meas Value Operator:' || e.value_operator AND op.target_rank = 1
LEFT JOIN source_type own_type ON own_type.mapping_id = e.mapping_id
WHERE e.person_id IS NOT NULL
