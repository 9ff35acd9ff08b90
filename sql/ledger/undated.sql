-- Hub rows of the affected persons that stand in no OMOP table because nothing dates them.
CREATE OR REPLACE TEMP TABLE undated AS
SELECT record_id, node FROM hub_event
WHERE start_date IS NULL AND person_id IS NOT NULL AND start_imputation IS DISTINCT FROM 'last_visit'
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
WHERE a.person_id IS NOT NULL
  AND omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, s.study_day, coalesce(s.series_date, s.study_date)) IS NULL
UNION
SELECT s.record_id, 'imaging study'
FROM midrc.imaging_study s
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND s.mapping_id <> 0 AND NOT EXISTS (
    FROM study_of_case r WHERE r.project_id = s.project_id AND r.case_key = s.case_key AND r.study_uid = coalesce(s.study_uid, s.submitter_id))
UNION
SELECT n.record_id, 'annotation'
FROM midrc.annotation n
JOIN affected_case a USING (project_id, case_key)
ANTI JOIN study_of_case r ON r.project_id = n.project_id AND r.case_key = n.case_key AND r.study_uid = n.study_uid
WHERE a.person_id IS NOT NULL
UNION
-- a part of a visit that is not there, or has no date itself
SELECT d.record_id, 'visit detail'
FROM (SELECT d.* REPLACE (coalesce(u.visit_key, d.visit_key) AS visit_key) FROM midrc.visit_detail d
      LEFT JOIN visit_part u USING (project_id, case_key, visit_detail_key)) d
JOIN affected_case a USING (project_id, case_key)
ANTI JOIN visit_row USING (project_id, case_key, visit_key)
WHERE a.person_id IS NOT NULL
UNION
SELECT n.record_id, n.node
FROM (SELECT 'note' AS node, * FROM midrc.note UNION ALL BY NAME SELECT 'specimen' AS node, * FROM midrc.specimen) n
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND coalesce(n.start_date, n.start_datetime::DATE) IS NULL AND n.start_day IS NULL
UNION
-- a death without a date, whether or not an observation tells it
SELECT record_id, 'death' FROM death_row WHERE death_date IS NULL
