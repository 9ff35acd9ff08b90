-- The nearest expected text for each distinct wrong value, where one is near enough.
CREATE OR REPLACE TEMP TABLE finding_nearest AS
WITH wrong AS (
    SELECT DISTINCT f.file_id, f.column_id, f.rule_id, f.value, e.choices
    FROM harmonize.finding f
    JOIN report_file USING (file_id)
    JOIN harmonize.expectation e ON e.file_id = f.file_id AND e.rule_id = f.rule_id
                                AND e.column_id IS NOT DISTINCT FROM f.column_id
    WHERE e.choices IS NOT NULL AND f.value IS NOT NULL AND f.value NOT LIKE '***%'
), scored AS (
    SELECT * EXCLUDE (choices), unnest(choices) AS choice,
           jaro_winkler_similarity(lower(trim(value)), lower(choice)) AS score
    FROM wrong
)
SELECT file_id, column_id, rule_id, value, arg_max(choice, score) AS nearest
FROM scored WHERE score >= 0.75
GROUP BY ALL
