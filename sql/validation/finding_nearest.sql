-- The nearest expected text for each distinct wrong value, where one is near enough: what is known to mean the same (a synonym,
-- of a list of FHIR's codes a designation), else what is spelled alike.
-- A column with more than a thousand different wrong values is wrong in another way.
CREATE OR REPLACE TEMP TABLE finding_nearest AS
WITH each AS (
    SELECT DISTINCT f.file_id, f.column_id, f.rule_id, f.value, e.choices
    FROM harmonize.finding f
    JOIN report_file USING (file_id)
    JOIN harmonize.expectation e ON e.file_id = f.file_id AND e.rule_id = f.rule_id
                                AND e.column_id IS NOT DISTINCT FROM f.column_id
    WHERE e.choices IS NOT NULL AND f.value IS NOT NULL AND f.value NOT LIKE '***%'
), wrong AS (
    SELECT * EXCLUDE (choices), md5(array_to_string(list_sort(choices), ' '))[:12] AS codes, unnest(choices) AS choice FROM (
        FROM each QUALIFY row_number() OVER (PARTITION BY file_id, column_id, rule_id ORDER BY value) <= 1000)
), scored AS (
    SELECT w.*, CASE WHEN s.value IS NULL AND d.code IS NULL
                     THEN jaro_winkler_similarity(lower(trim(w.value)), lower(w.choice)) ELSE 2 END AS score
    FROM wrong w
    LEFT JOIN synonym s ON s.text = lower(trim(w.value)) AND lower(s.value) = lower(w.choice)
    LEFT JOIN designation d ON d.codes = w.codes AND d.text = lower(trim(w.value)) AND d.code = w.choice
)
SELECT file_id, column_id, rule_id, value,
       coalesce(string_agg(choice, ' or ' ORDER BY choice) FILTER (score = 2), arg_max(choice, score)) AS nearest
FROM scored WHERE score >= 0.75
GROUP BY ALL
