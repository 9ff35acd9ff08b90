-- The visit that a part of a part belongs to: the topmost one of the chain (10 at most), by the part's key.
-- when: visit_detail
CREATE OR REPLACE TEMP TABLE visit_part AS
WITH RECURSIVE part AS (
    SELECT DISTINCT project_id, case_key, visit_detail_key, visit_key
    FROM midrc.visit_detail SEMI JOIN affected_case USING (project_id, case_key)
    WHERE visit_detail_key IS NOT NULL
),
up AS (
    SELECT *, 1 AS depth FROM part WHERE visit_key IN (SELECT visit_detail_key FROM part)
    UNION ALL
    SELECT u.project_id, u.case_key, u.visit_detail_key, p.visit_key, u.depth + 1
    FROM up u
    JOIN part p ON p.project_id = u.project_id AND p.case_key = u.case_key AND p.visit_detail_key = u.visit_key
    WHERE u.depth < 10
)
SELECT project_id, case_key, visit_detail_key, arg_max(visit_key, depth) AS visit_key FROM up GROUP BY ALL
