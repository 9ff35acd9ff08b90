-- Codes whose check digit is wrong, with their first place in each file.
INSERT INTO fhir_found
SELECT 'fhir_impossible_code', c.file_id, c.place, c.path || '.code', c.code, k.name, NULL
FROM fhir_code c JOIN fhir_code_system k USING (system)
WHERE (k.vocabulary_id, c.code) IN (SELECT (unnest($vocabularies), unnest($codes)))
