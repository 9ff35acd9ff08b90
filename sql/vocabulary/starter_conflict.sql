-- Starter rows left out because the download gives their concept_id to another code.
SELECT count(*)
FROM starter_concept AS s
SEMI JOIN omop.concept AS c ON c.concept_id = s.concept_id
WHERE NOT EXISTS (
    FROM omop.concept AS d WHERE d.vocabulary_id = s.vocabulary_id AND d.concept_code = s.concept_code
)
