-- Codes of vocabularies that are loaded ({vocabulary}omop.concept has codes of them) that these do not have, with their
-- first place in each file. An expression of SNOMED CT ($expressions) is known where each of its concepts ($concepts) is.
INSERT INTO fhir_found
WITH expression AS (
    SELECT code, count(v.concept_id) = count(*) AS is_known
    FROM (SELECT code, unnest(concepts) AS concept
          FROM (SELECT unnest($expressions::VARCHAR[]) AS code, unnest($concepts::VARCHAR[][]) AS concepts))
    LEFT JOIN {vocabulary}omop.concept v ON v.vocabulary_id = 'SNOMED' AND v.concept_code = concept
    GROUP BY code
)
SELECT 'fhir_unknown_code', c.file_id, c.place, c.path || '.code', c.code, k.name, NULL
FROM fhir_code c JOIN fhir_code_system k USING (system)
WHERE trim(c.code) <> ''
  AND k.vocabulary_id IN (SELECT DISTINCT vocabulary_id FROM {vocabulary}omop.concept)
  AND NOT EXISTS (FROM {vocabulary}omop.concept v WHERE v.vocabulary_id = k.vocabulary_id AND v.concept_code = c.code)
  AND NOT EXISTS (FROM fhir_found f WHERE f.rule = 'fhir_impossible_code' AND f.file_id = c.file_id
                                      AND f.path = c.path || '.code' AND f.value = c.code)
  AND NOT EXISTS (FROM expression e WHERE e.is_known AND e.code = c.code AND k.vocabulary_id = 'SNOMED')
