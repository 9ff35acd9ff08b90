-- Hub rows of the affected persons that stand in no OMOP table because nothing dates them.
CREATE OR REPLACE TEMP TABLE undated AS
SELECT record_id, node FROM event WHERE start_date IS NULL AND start_imputation IS DISTINCT FROM 'last_visit'
UNION ALL
-- an event that several records tell: those that do not speak for it
SELECT record_id, node FROM shared_event WHERE rank > 1 AND is_undated
UNION ALL
SELECT v.record_id, 'visit'
FROM midrc.visit v
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND coalesce(v.start_date, v.start_datetime::DATE) IS NULL
  AND coalesce(v.start_day, v.days_to_hospital_admission) IS NULL
UNION ALL
-- a death without a date, whether or not an observation tells it
SELECT record_id, 'death' FROM death_row WHERE death_date IS NULL
