-- The retired concepts that what replaces them is to stand for: those that the codings of coding_source name and that map to no
-- valid standard one, and those that they map to.
CREATE OR REPLACE TEMP TABLE coding_retired AS
WITH mapped AS (
    SELECT m.coding, c.concept_id, is_target(c.standard_concept, c.invalid_reason) AS is_target, is_retired(c.invalid_reason) AS is_retired
    FROM coding_mapped AS m
    INNER JOIN omop.concept AS c ON c.concept_id = m.target_concept_id
)
SELECT s.concept_id
FROM coding_source AS s
ANTI JOIN (FROM mapped WHERE is_target) USING (coding)
WHERE s.concept_id <> 0 AND is_retired(s.invalid_reason)
UNION
SELECT concept_id FROM mapped WHERE is_retired
