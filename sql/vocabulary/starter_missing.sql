-- The starter rows that fill what the download lacks: neither their (vocabulary_id, concept_code) nor their id is in it.
CREATE OR REPLACE TEMP TABLE starter_missing AS
SELECT s.concept_id
FROM starter_concept AS s
ANTI JOIN omop.concept AS d ON d.vocabulary_id = s.vocabulary_id AND d.concept_code = s.concept_code
ANTI JOIN omop.concept AS c ON c.concept_id = s.concept_id
