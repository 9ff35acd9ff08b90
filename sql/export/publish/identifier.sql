-- What must not stand in a published file, in small letters: keys of cases, records and visits, device identifiers, and UIDs of
-- projects that do not publish them. Names of projects are no keys, and what has fewer than four characters stands anywhere.
CREATE OR REPLACE TEMP TABLE publish_identifier AS
WITH key AS (
    SELECT 'case key' AS kind, case_key AS key FROM harmonize.person_case
    UNION ALL SELECT 'case key', case_key FROM midrc."case"
    UNION ALL SELECT 'case key', case_key FROM harmonize.withdrawn_case
    UNION ALL SELECT 'visit key', visit_key FROM midrc.visit
    UNION ALL SELECT 'visit key', visit_detail_key FROM midrc.visit_detail
    UNION ALL SELECT 'device identifier', udi FROM midrc.device
    UNION ALL SELECT 'device identifier', production_id FROM midrc.device
    UNION ALL SELECT 'device identifier', udi FROM midrc.device_definition
    UNION ALL SELECT 'device identifier', production_id FROM midrc.device_definition
    -- a key of a record without any digit names a thing, such as a label or a data set
    UNION ALL SELECT 'record key', r.record_key
    FROM harmonize.record r
    JOIN harmonize.submission s USING (submission_id)
    LEFT JOIN publish_project p USING (project_id)
    WHERE regexp_matches(r.record_key, '[0-9]') AND NOT (coalesce(p.has_public_uids, false) AND is_uid(r.record_key))
    UNION ALL
    SELECT 'UID', s.uid
    FROM (SELECT project_id, unnest([study_uid, series_uid]) AS uid FROM midrc.imaging_series
          UNION ALL SELECT project_id, study_uid FROM midrc.imaging_study
          UNION ALL SELECT project_id, unnest([study_uid, series_uid, sop_uid]) FROM midrc.annotation) s
    LEFT JOIN publish_project p USING (project_id)
    WHERE NOT (coalesce(p.has_public_uids, false) AND is_uid(s.uid))
)
SELECT min(kind) AS kind, lower(trim(key)) AS token
FROM key
WHERE length(trim(key)) >= 4 AND key NOT IN (SELECT project_id FROM harmonize.project)
  AND NOT regexp_full_match(key, '\[[a-z -]+\]')  -- what a load writes in place of what identifies a person
GROUP BY lower(trim(key))
