-- Months with less than a tenth of the mean of a site, between months that have half of it and more.
WITH counted AS (
    SELECT s.site, date_trunc('month', t.day)::DATE AS month, sum(t.n) AS n
    FROM (SELECT person_id, {field}::DATE AS day, count(*) AS n FROM omop.{table} WHERE isfinite({field}::DATE) GROUP BY ALL) t
    JOIN quality_site s ON s.person_id = t.person_id
    GROUP BY ALL
),
spanned AS (
    SELECT site, unnest(generate_series(min(month)::TIMESTAMP, max(month)::TIMESTAMP, INTERVAL 1 MONTH))::DATE AS month
    FROM counted GROUP BY site
),
filled AS (
    SELECT site, month, coalesce(n, 0) AS n, avg(n) OVER (PARTITION BY site) AS usual
    FROM spanned LEFT JOIN counted USING (site, month)
),
between_others AS (
    SELECT site, month, n, usual,
           max(n) OVER (PARTITION BY site ORDER BY month ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS before,
           max(n) OVER (PARTITION BY site ORDER BY month ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS after
    FROM filled
),
judged AS (
    SELECT site, month, coalesce(usual >= 10 AND n < usual / 10 AND least(before, after) >= usual / 2, false) AS is_gap
    FROM between_others
)
SELECT site, count(*) FILTER (WHERE is_gap) AS violated, count(*) AS denominator,
       string_agg(strftime(month, '%Y-%m'), ', ' ORDER BY month) FILTER (WHERE is_gap) AS note
FROM judged GROUP BY site
