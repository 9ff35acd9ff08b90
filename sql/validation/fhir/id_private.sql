-- The ids that break a rule.
CREATE OR REPLACE TEMP TABLE fhir_private_id AS
SELECT f.id, list(DISTINCT h.rule ORDER BY h.rule) AS rules
FROM fhir_id_form f JOIN privacy_hit h ON h.column_id = f.column_id AND h.value = f.value
GROUP BY f.id
