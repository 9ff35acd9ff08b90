-- care_site: one row a place of care of a project, named by an organization row, which is then its primary source, or only
--   mentioned by a case.
-- rows: omop.care_site
-- keeps: care_site_row
-- when: care_site
WITH site AS (
    SELECT project_id, care_site_key, record_id, mapping_id, true AS is_named, care_site_name, place_of_service, place_of_service_coding
    FROM midrc.organization
    UNION ALL BY NAME
    SELECT project_id, care_site_key, record_id, mapping_id, false AS is_named FROM midrc."case" WHERE care_site_key IS NOT NULL
)
SELECT md5(s.project_id || '|care_site|' || s.care_site_key)::UUID AS row_key,
       arg_min(s.record_id, (NOT s.is_named, s.record_id)) AS record_id,
       arg_min(s.mapping_id, (NOT s.is_named, s.record_id)) AS mapping_id,
       list(DISTINCT s.record_id ORDER BY s.record_id) AS support,
       s.project_id AS key_project_id, s.care_site_key AS key_care_site_key,
       left(arg_max(s.care_site_name, s.record_id), 255) AS care_site_name,
       coalesce(max(c.target_concept_id), 0) AS place_of_service_concept_id,
       source_value(s.care_site_key, NULL) AS care_site_source_value,
       source_value(arg_max(s.place_of_service, s.record_id), NULL) AS place_of_service_source_value
FROM site s
LEFT JOIN coding_target c ON c.coding = s.place_of_service_coding AND c.target_rank = 1
GROUP BY s.project_id, s.care_site_key
