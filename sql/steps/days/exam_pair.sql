-- Which exam of a matched case is which study: of one kind, on its day. Of several of a day those whose descriptions are the same
--   and no other's, else the only ones that are left; what two exams, or two studies, may be is none of them.
-- when: harmonize.day_zero
CREATE OR REPLACE TEMP TABLE exam_pair AS
WITH named AS (
    SELECT DISTINCT named_uid FROM exam_of_kind WHERE named_uid IS NOT NULL
),
candidate AS (
    SELECT e.project_id, e.case_key, e.node, e.row_key, s.study_uid, coalesce(e.text_id = s.text_id, false) AS is_described,
           count(*) OVER (PARTITION BY e.row_key) = 1 AND count(*) OVER (PARTITION BY s.project_id, s.case_key, s.study_uid) = 1 AS is_only
    FROM exam_of_kind e
    JOIN harmonize.day_zero z ON z.project_id = e.project_id AND z.case_key = e.case_key
    JOIN study_of_kind s ON s.project_id = e.project_id AND s.case_key = e.case_key AND s.date = z.day_zero + e.day
    JOIN kind_pair k ON k.exam_kind = e.kind AND k.study_kind = s.kind
    -- what names its study is joined by that already
    WHERE e.study_uid IS NULL AND s.study_uid NOT IN (FROM named)
),
several AS (
    SELECT * FROM candidate WHERE NOT is_only
),
described AS (
    SELECT * FROM several WHERE is_described
    QUALIFY count(*) OVER (PARTITION BY row_key) = 1 AND count(*) OVER (PARTITION BY project_id, case_key, study_uid) = 1
),
left_over AS (
    SELECT * FROM several
    ANTI JOIN described d USING (row_key)
    ANTI JOIN described u USING (project_id, case_key, study_uid)
    QUALIFY count(*) OVER (PARTITION BY row_key) = 1 AND count(*) OVER (PARTITION BY project_id, case_key, study_uid) = 1
)
SELECT project_id, case_key, node, row_key, study_uid
FROM (SELECT * FROM candidate WHERE is_only UNION ALL FROM described UNION ALL FROM left_over)
