-- Where each submission stands in its life, and whether it is held back from all that leaves the store. A submission without
-- steps was loaded before they were noted. Where the rules of its project ask for a release, one without it is embargoed.
CREATE VIEW harmonize.submission_state AS
WITH rules AS (
    SELECT * FROM harmonize.project_rules
    QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY change_id DESC) = 1
),
latest AS (
    SELECT * FROM harmonize.submission_step
    WHERE step <> 'signed'
    QUALIFY row_number() OVER (PARTITION BY submission_id ORDER BY step_id DESC) = 1
),
-- a signature is for what it was given to: one that is embargoed, released or rejected again is signed again
signed AS (
    SELECT s.submission_id, count(DISTINCT s.who) AS sign_offs
    FROM harmonize.submission_step s
    LEFT JOIN latest l ON l.submission_id = s.submission_id
    WHERE s.step = 'signed' AND s.step_id > coalesce(l.step_id, 0)
    GROUP BY s.submission_id
),
judged AS (
    SELECT s.submission_id, s.project_id,
           CASE WHEN s.state = 'withdrawn' THEN 'withdrawn'
                WHEN coalesce(l.step, 'validated') IN ('received', 'validated') AND (r.embargo_days > 0 OR r.sign_offs > 0)
                THEN 'embargoed'
                ELSE coalesce(l.step, 'validated') END AS state,
           coalesce(l.done_at, s.loaded_at) AS since, l.who, l.why,
           coalesce(l.embargo_until, CAST(s.loaded_at AS DATE) + r.embargo_days) AS embargo_until,
           coalesce(g.sign_offs, 0) AS sign_offs, coalesce(r.sign_offs, 0) AS sign_offs_needed
    FROM harmonize.submission s
    LEFT JOIN latest l ON l.submission_id = s.submission_id
    LEFT JOIN rules r ON r.project_id = s.project_id
    LEFT JOIN signed g ON g.submission_id = s.submission_id
)
SELECT submission_id, project_id, state, since, who, why,
       CASE WHEN state = 'embargoed' THEN embargo_until END AS embargo_until,
       sign_offs, sign_offs_needed, state IN ('embargoed', 'rejected') AS is_held
FROM judged
