-- Rows of persons who have observation periods, on a day in none of them.
SELECT s.site, sum(d.n)::BIGINT - coalesce(sum(d.n) FILTER (WHERE d.is_inside), 0)::BIGINT AS violated,
       sum(d.n)::BIGINT AS denominator, NULL AS note
FROM (
    SELECT t.person_id, t.day, any_value(t.n) AS n, bool_or(t.day BETWEEN o.observation_period_start_date AND o.observation_period_end_date)
        AS is_inside
    FROM (SELECT person_id, {field}::DATE AS day, count(*) AS n FROM omop.{table} WHERE {field} IS NOT NULL GROUP BY ALL) t
    JOIN omop.observation_period o ON o.person_id = t.person_id
    GROUP BY t.person_id, t.day
) d
LEFT JOIN quality_site s ON s.person_id = d.person_id
GROUP BY s.site
