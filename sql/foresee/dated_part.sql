-- The visits that have a date, and the parts of these and of their parts, 10 levels at most: a part may belong to
-- any of them.
INSERT INTO dated_part
WITH RECURSIVE part AS (
    SELECT DISTINCT case_key, visit_detail_key, visit_key FROM ({parts})
),
known AS (
    SELECT case_key, visit_key, 0 AS depth FROM dated_visit
    UNION ALL
    SELECT p.case_key, p.visit_detail_key, k.depth + 1
    FROM known k
    JOIN part p ON p.case_key = k.case_key AND p.visit_key = k.visit_key
    WHERE k.depth < 10 AND p.visit_detail_key IS NOT NULL
)
SELECT DISTINCT case_key, visit_key FROM known
