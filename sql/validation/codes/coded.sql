-- The different codes of a column with their system and name, as sent, and what is known of the system.
CREATE OR REPLACE TEMP TABLE coded AS
SELECT sent.*, s.vocabulary_id, s.form, s.name_judged = 'yes' AS name_judged
FROM (SELECT DISTINCT {code} AS code, {system} AS system, {name} AS name FROM batch_{class} WHERE {code} IS NOT NULL) sent
LEFT JOIN code_system s ON s.system = lower(trim(sent.system))
