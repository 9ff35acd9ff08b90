-- Codes of vocabularies that are loaded ({vocabulary}omop.concept has codes of them) that these do not have, with their
-- first place in each file.
INSERT INTO fhir_found
SELECT 'fhir_unknown_code', c.file_id, c.place, c.path || '.code', c.code, k.name, NULL
FROM fhir_code c JOIN fhir_code_system k USING (system)
WHERE trim(c.code) <> ''
  AND k.vocabulary_id IN (SELECT DISTINCT vocabulary_id FROM {vocabulary}omop.concept)
  AND NOT EXISTS (FROM {vocabulary}omop.concept v WHERE v.vocabulary_id = k.vocabulary_id AND v.concept_code = c.code)
  AND NOT EXISTS (FROM fhir_found f WHERE f.rule = 'fhir_impossible_code' AND f.file_id = c.file_id
                                      AND f.path = c.path || '.code' AND f.value = c.code)
