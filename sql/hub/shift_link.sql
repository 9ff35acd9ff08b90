-- The cases of a project that links join (Patient.link replaced-by), which have no days of their own yet: the case whose days they
-- get, the one that stands at the end of their chain. Those that replace each other in a circle have none.
CREATE OR REPLACE TEMP TABLE shift_link AS
WITH RECURSIVE link AS (
    SELECT DISTINCT split_part(target, '/', 2) AS case_key, case_key AS surviving_key
    FROM (SELECT case_key, unnest(targets) AS target FROM midrc.fact_link WHERE relation = 'replaces' AND project_id = $project)
    WHERE starts_with(target, 'Patient/') AND split_part(target, '/', 2) <> case_key
),
up AS (
    FROM link
    UNION
    SELECT u.case_key, l.surviving_key FROM up u JOIN link l ON l.case_key = u.surviving_key
),
sound AS (
    FROM link l ANTI JOIN up u ON u.case_key = l.surviving_key AND u.surviving_key = l.case_key
),
sound_up AS (
    FROM sound
    UNION
    SELECT u.case_key, l.surviving_key FROM sound_up u JOIN sound l ON l.case_key = u.surviving_key
),
standing AS (
    SELECT case_key, min(surviving_key) AS shift_case
    FROM sound_up WHERE surviving_key NOT IN (SELECT case_key FROM sound)
    GROUP BY case_key
)
SELECT case_key, shift_case
FROM (FROM standing UNION SELECT shift_case, shift_case FROM standing)
WHERE case_key NOT IN (SELECT case_key FROM harmonize.shift_case WHERE project_id = $project)
