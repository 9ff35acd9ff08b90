-- The same of series, studies and annotations.
-- when: imaging_series or imaging_study or annotation
INSERT INTO undated
SELECT s.record_id, 'image series'
FROM midrc.imaging_series s
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL
  AND omop_date(a.time_policy, a.anchor, a.image_anchor, a.day_shift, s.study_day, coalesce(s.series_date, s.study_date)) IS NULL
UNION ALL
SELECT s.record_id, 'imaging study'
FROM midrc.imaging_study s
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND s.mapping_id <> 0 AND NOT EXISTS (
    FROM study_of_case r
    WHERE r.project_id = s.project_id AND r.case_key = s.case_key AND r.study_uid = coalesce(s.study_uid, s.submitter_id))
UNION ALL
SELECT n.record_id, 'annotation'
FROM midrc.annotation n
JOIN affected_case a USING (project_id, case_key)
ANTI JOIN study_of_case r ON r.project_id = n.project_id AND r.case_key = n.case_key AND r.study_uid = n.study_uid
WHERE a.person_id IS NOT NULL
