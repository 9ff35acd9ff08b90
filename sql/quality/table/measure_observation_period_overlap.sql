-- Persons with observation periods that overlap, or of which one begins the day after another ends.
SELECT
    count(DISTINCT t.person_id) FILTER (WHERE t.begins <= t.latest_end + 1) AS violated,
    count(DISTINCT t.person_id) AS denominator
FROM (
    SELECT o.person_id, o.observation_period_start_date AS begins, max(o.observation_period_end_date) OVER (
        PARTITION BY o.person_id ORDER BY o.observation_period_start_date, o.observation_period_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest_end
    FROM omop.{table} o
) t
