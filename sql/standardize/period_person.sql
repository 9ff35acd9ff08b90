-- Who owns the observation periods of each affected person: its first case.
CREATE OR REPLACE TEMP TABLE period_person AS
SELECT person_id, arg_min(project_id, record_id) AS project_id, arg_min(case_key, record_id) AS case_key,
       min(record_id) AS record_id, arg_min(mapping_id, record_id) AS mapping_id,
       arg_min(a.observation_period, record_id) AS observation_period
FROM person_best
JOIN affected_case a USING (project_id, case_key)
WHERE person_id IS NOT NULL
GROUP BY person_id
