-- What the columns of a file hold, one row a column. {missing} are the words that say that there is nothing, {flags} those
-- that say Yes, No or neither, {answers} those of them that say Yes or No; {dates} are counts of the cells that fit each format of a date.
WITH judged AS (
    SELECT
        *, number(value) AS amount, list_contains([{missing}], lower(trim(value, ' '))) AS says_missing,
        CASE WHEN regexp_matches(value, '^ *([0-9]{{1,4}}[-/. ]|[A-Za-z]{{3,9}}[ -][0-9]|[0-9]{{8}} *$)') THEN value END AS dated
    FROM profile_value
    WHERE file_id = {file_id}
)
SELECT
    column_id,
    sum(n)::BIGINT AS cells,
    count(*) AS distinct_values,
    coalesce(sum(n) FILTER (says_missing), 0)::BIGINT AS missing,
    coalesce(sum(n) FILTER (NOT says_missing AND whole(value) IS NOT NULL), 0)::BIGINT AS integer,
    coalesce(sum(n) FILTER (NOT says_missing AND amount IS NOT NULL), 0)::BIGINT AS number,
    coalesce(sum(n) FILTER (NOT says_missing AND amount IS NULL AND feet_and_inches(value) IS NOT NULL), 0)::BIGINT AS feet,
    coalesce(sum(n) FILTER (NOT says_missing AND amount IS NULL
        AND regexp_full_match(value, ' *[0-9]+([.][0-9]+)? ?[A-Za-z%/]+[.]? *')), 0)::BIGINT AS quantity,
    coalesce(sum(n) FILTER (NOT says_missing AND result_number(value) IS NOT NULL), 0)::BIGINT AS result,
    CASE WHEN bool_or(list_contains([{answers}], lower(trim(value, ' '))))
         THEN coalesce(sum(n) FILTER (NOT says_missing AND list_contains([{flags}], lower(trim(value, ' ')))), 0)
         ELSE 0 END::BIGINT AS flag,
    min(length(value)) AS shortest,
    max(length(value)) AS longest,
    min(amount) FILTER (NOT private AND NOT says_missing) AS least,
    max(amount) FILTER (NOT private AND NOT says_missing) AS most,
    sum(amount * n) FILTER (NOT says_missing) / nullif(sum(n) FILTER (NOT says_missing AND amount IS NOT NULL), 0) AS mean,
    [{dates}] AS dates
FROM judged
GROUP BY column_id
ORDER BY column_id
