-- Give a custom concept id to each subject that has none yet: after the highest ever given, and after every id of
-- 2,000,000,000 and above that the loaded vocabulary itself uses.
INSERT INTO harmonize.custom_concept
WITH last AS (
    SELECT greatest($first - 1, max(concept_id)) AS id
    FROM (SELECT concept_id FROM harmonize.custom_concept UNION ALL SELECT concept_id FROM omop.concept)
),
unregistered AS (
    SELECT DISTINCT vocabulary_id, code
    FROM harmonize.value_set
    ANTI JOIN harmonize.custom_concept USING (vocabulary_id, code)
)
SELECT vocabulary_id, code, coalesce(last.id, $first - 1) + row_number() OVER (ORDER BY vocabulary_id, code)
FROM unregistered, last
