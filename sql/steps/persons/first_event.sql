-- The first day of anything that is told of a case, for an age whose day nothing better tells; placeholders are no days.
-- when: undated_age
-- again: moved_case
-- before: person_of_case
CREATE OR REPLACE TEMP TABLE first_event AS
WITH told AS (
    SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.condition
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.medication
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.procedure
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.device
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.measurement
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.observation
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.specimen
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.note
    UNION ALL SELECT project_id, case_key, start_day, start_date, start_datetime FROM midrc.death
),
dated AS (
    SELECT project_id, case_key,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, t.start_day,
                     coalesce(t.start_date, t.start_datetime::DATE)) AS day
    FROM told t JOIN affected_case a USING (project_id, case_key)
    WHERE coalesce(t.start_date, t.start_datetime::DATE, DATE '1900-01-02') BETWEEN DATE '1900-01-02' AND DATE '9999-12-30'
)
SELECT project_id, case_key, min(day) AS date
FROM dated
GROUP BY project_id, case_key
HAVING date IS NOT NULL
