-- Who owns the observation periods of each affected person: its first case that no other replaces; whether its dates are days of
-- the calendar; and then the latest day that an event can have, and the data pull, up to which the data reach.
CREATE OR REPLACE TEMP TABLE period_person AS
WITH last_day AS (
    SELECT p.project_id,
           any_value(p.time_policy) = 'as_is' AND any_value(p.shifted_by_source) IS NOT TRUE AS is_calendar,
           max(s.data_pull) AS data_pull,
           coalesce(max(s.data_pull), max(s.loaded_at)::DATE) AS known_until
    FROM harmonize.project p
    LEFT JOIN harmonize.submission s ON s.project_id = p.project_id AND s.state = 'loaded'
    GROUP BY p.project_id
)
SELECT person_id, arg_min(project_id, place) AS project_id, arg_min(case_key, place) AS case_key,
       arg_min(record_id, place) AS record_id, arg_min(mapping_id, place) AS mapping_id,
       arg_min(a.observation_period, place) AS observation_period,
       bool_and(is_calendar) AS is_calendar,
       max(CASE WHEN is_calendar THEN data_pull END) AS data_pull,
       max(CASE WHEN is_calendar THEN coalesce(known_until + INTERVAL 1 YEAR, DATE '9999-12-30')::DATE ELSE DATE '9999-12-30' END)
           AS latest
FROM (SELECT b.*, (r.case_key IS NOT NULL, b.record_id) AS place
      FROM person_best b
      LEFT JOIN (SELECT DISTINCT project_id, case_key FROM replaced_case) r USING (project_id, case_key))
JOIN affected_case a USING (project_id, case_key)
JOIN last_day USING (project_id)
WHERE person_id IS NOT NULL
GROUP BY person_id
