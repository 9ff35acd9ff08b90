-- Cases that another one of their project replaces, as a patient register says that merged two entries (Patient.link). Of cases that
--   replace each other in a circle nobody can say which one stands: these links say nothing.
-- when: pair
CREATE OR REPLACE TEMP TABLE replaced_case AS
WITH RECURSIVE link AS (
    SELECT DISTINCT project_id, split_part(target, '/', 2) AS case_key, case_key AS surviving_key
    FROM (SELECT project_id, case_key, unnest(targets) AS target FROM midrc.fact_link WHERE relation = 'replaces')
    WHERE starts_with(target, 'Patient/') AND split_part(target, '/', 2) <> case_key
),
up AS (
    FROM link
    UNION
    SELECT u.project_id, u.case_key, l.surviving_key
    FROM up u JOIN link l ON l.project_id = u.project_id AND l.case_key = u.surviving_key
)
FROM link l
ANTI JOIN up u ON u.project_id = l.project_id AND u.case_key = l.surviving_key AND u.surviving_key = l.case_key
