-- The last submission that delivered the same: with its first record id. What its checks found still stands.
WITH candidate AS (
    SELECT c.submission_id, c.first_record_id, c.rules, c.findings
    FROM harmonize.checked_delivery c
    JOIN harmonize.submission s USING (submission_id)
    WHERE c.digest = $digest AND s.state = 'loaded'
),
found AS (
    SELECT submission_id, rule_id, count(*) AS n FROM harmonize.finding SEMI JOIN candidate USING (submission_id) GROUP BY ALL
),
checked AS (
    SELECT submission_id, unnest(rules) AS rule_id, unnest(findings) AS n FROM candidate
)
SELECT c.submission_id, c.first_record_id
FROM candidate c
WHERE NOT EXISTS (FROM checked k WHERE k.submission_id = c.submission_id
                  AND NOT EXISTS (FROM found f WHERE f.submission_id = k.submission_id AND f.rule_id = k.rule_id AND f.n = k.n))
ORDER BY c.submission_id DESC
LIMIT 1
