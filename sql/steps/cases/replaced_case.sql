-- Cases that another one of their project replaces, as a patient register says that merged two entries (Patient.link).
-- when: pair
CREATE OR REPLACE TEMP TABLE replaced_case AS
SELECT DISTINCT project_id, split_part(target, '/', 2) AS case_key, case_key AS surviving_key
FROM (SELECT project_id, case_key, unnest(targets) AS target FROM midrc.fact_link WHERE relation = 'replaces')
WHERE starts_with(target, 'Patient/') AND split_part(target, '/', 2) <> case_key
