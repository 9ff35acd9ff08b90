-- Hub rows of the affected persons that stand in no OMOP table because nothing dates them.
CREATE OR REPLACE TEMP TABLE undated AS
SELECT record_id, node FROM hub_event WHERE start_date IS NULL AND person_id IS NOT NULL
UNION
SELECT v.record_id, 'visit'
FROM midrc.visit v
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND coalesce(v.start_date, v.start_datetime::DATE) IS NULL
  AND coalesce(v.start_day, v.days_to_hospital_admission) IS NULL
UNION
SELECT s.record_id, 'image series'
FROM midrc.imaging_series s
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND coalesce(s.series_date, s.study_date) IS NULL
