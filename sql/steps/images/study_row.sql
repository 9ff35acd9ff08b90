-- One row a study of an affected person. Where cases of one person tell the same study of a project, it is one: that of the case
--   with the most series; a record of the study speaks first, and all records support it.
-- when: study_of_case
CREATE OR REPLACE TEMP TABLE study_row AS
WITH several AS (
    SELECT project_id, person_id, study_uid, arg_min(record_id, (NOT has_record, record_id)) AS record_id,
           arg_min(mapping_id, (NOT has_record, record_id)) AS mapping_id, list_distinct(flatten(list(support))) AS support,
           arg_min(case_key, (-series_count, has_record, case_key)) AS case_key
    FROM study_of_case
    GROUP BY ALL
    HAVING count(*) > 1
)
SELECT s.* EXCLUDE (has_record) REPLACE (
           coalesce(o.record_id, s.record_id) AS record_id, coalesce(o.mapping_id, s.mapping_id) AS mapping_id,
           coalesce(o.support, s.support) AS support)
FROM study_of_case s
LEFT JOIN several o ON o.project_id = s.project_id AND o.person_id = s.person_id AND o.study_uid = s.study_uid
WHERE o.case_key IS NULL OR o.case_key = s.case_key
