-- The hub's links of the affected cases with the records that they name, of the same or of an earlier delivery.
-- when: fact_link
CREATE OR REPLACE TEMP TABLE aimed_link AS
WITH link AS (
    SELECT l.project_id, a.person_id, l.record_id, l.mapping_id, l.relation::VARCHAR AS relation, l.target_part,
           unnest(l.targets) AS target
    FROM midrc.fact_link l JOIN affected_case a USING (project_id, case_key)
),
known AS (
    SELECT record_id, key_hash FROM harmonize.record
    UNION ALL
    SELECT record_id, key_hash FROM incoming
)
SELECT DISTINCT l.person_id, l.record_id, l.mapping_id, l.relation, l.target_part, k.record_id AS target_record
FROM known k
JOIN link l ON k.key_hash = md5(l.project_id || '|fhir.' || regexp_replace(l.target, '/', '|'))::UUID
