-- The days that the events of the affected persons lend to eras: here conditions, each from its start to its end, or for a day. Those
--   without a concept (0) are in no era.
-- when: condition_kept
CREATE OR REPLACE TEMP TABLE era_span AS
SELECT 'condition_era' AS era_table, person_id, concept_id, NULL::INTEGER AS unit_concept_id, NULL::DOUBLE AS dose,
       condition_occurrence_id AS event_id, first, greatest(last, first) AS last, record_id, mapping_id
FROM condition_kept
WHERE concept_id <> 0
