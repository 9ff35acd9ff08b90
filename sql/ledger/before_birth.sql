-- A finding for every record with an event before its patient was born, or with an age below nought. Placeholders
-- (1900-01-01 and before) have a finding of their own.
INSERT INTO harmonize.finding
WITH birth AS (
    SELECT case_key, min(first_date) AS first_date, min(first_day) AS first_day FROM ({births}) GROUP BY case_key
),
early AS (
    SELECT e.record_id, e.what
    FROM ({events}) e
    JOIN birth b USING (case_key)
    WHERE {has_calendar} AND e.date < b.first_date AND e.date > DATE '1900-01-01' OR e.day < b.first_day
    UNION
    FROM ({ages})
)
SELECT DISTINCT $submission, r.rule_id, i.file_id, i.line, NULL::INTEGER, e.what
FROM early e
JOIN incoming i USING (record_id)
JOIN harmonize.rule r ON r.rule = 'before_birth'
