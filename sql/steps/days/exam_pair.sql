-- Which exam of a matched case is which study: of one kind, on its day. Of several of a day those whose descriptions are the same
--   and no other's, else the only ones that are left; what two exams, or two studies, may be is none of them.
-- when: harmonize.day_zero
CREATE OR REPLACE TEMP TABLE exam_pair AS
WITH candidate AS (
    SELECT e.project_id, e.case_key, e.node, e.row_key, e.record_id, e.mapping_id, s.study_uid,
           coalesce(upper(trim(e.description)) = upper(trim(s.description)), false) AS is_described
    FROM exam_of_kind e
    JOIN harmonize.day_zero z ON z.project_id = e.project_id AND z.case_key = e.case_key
    JOIN study_of_kind s
      ON s.project_id = e.project_id AND s.case_key = e.case_key AND s.date = z.day_zero + e.day
     AND (e.family = s.family OR e.family = '' OR s.family = '')
     AND (e.regions = [] OR s.regions = [] OR list_has_any(e.regions, s.regions))
    -- what names its study is joined by that already
    WHERE e.study_uid IS NULL
      AND NOT EXISTS (FROM exam_of_kind o
                      WHERE o.project_id = s.project_id AND o.case_key = s.case_key AND o.named_uid = s.study_uid)
),
described AS (
    SELECT * FROM candidate WHERE is_described
    QUALIFY count(*) OVER (PARTITION BY row_key) = 1 AND count(*) OVER (PARTITION BY project_id, case_key, study_uid) = 1
),
left_over AS (
    SELECT * FROM candidate
    ANTI JOIN described d USING (row_key)
    ANTI JOIN described u USING (project_id, case_key, study_uid)
    QUALIFY count(*) OVER (PARTITION BY row_key) = 1 AND count(*) OVER (PARTITION BY project_id, case_key, study_uid) = 1
)
SELECT project_id, case_key, node, row_key, record_id, mapping_id, study_uid
FROM (FROM described UNION ALL FROM left_over)
