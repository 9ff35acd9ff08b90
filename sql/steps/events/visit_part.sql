-- The visit that a part of a part belongs to: the topmost one of the chain (10 at most), and the part that it is a part of, by
-- the part's key, or its row where it has no key.
-- when: visit_detail
CREATE OR REPLACE TEMP TABLE visit_part AS
WITH RECURSIVE part AS (
    SELECT DISTINCT project_id, case_key, coalesce(visit_detail_key, row_key::VARCHAR) AS part_key, visit_key
    FROM midrc.visit_detail SEMI JOIN affected_case USING (project_id, case_key)
    WHERE visit_detail_key IS DISTINCT FROM visit_key  -- a part that is called like its visit is none of its own parts
),
up AS (
    SELECT *, visit_key AS parent_key, 1 AS depth FROM part WHERE visit_key IN (SELECT part_key FROM part)
    UNION ALL
    SELECT u.project_id, u.case_key, u.part_key, p.visit_key, u.parent_key, u.depth + 1
    FROM up u
    JOIN part p ON p.project_id = u.project_id AND p.case_key = u.case_key AND p.part_key = u.visit_key
    WHERE u.depth < 10
)
SELECT project_id, case_key, part_key, arg_max(visit_key, depth) AS visit_key, min(parent_key) AS parent_key FROM up GROUP BY ALL
