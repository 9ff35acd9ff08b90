-- provider: one row a provider of a project; a role that names nobody is one where something names it. Names are not carried
-- into OMOP (IG f2o-022: no PII in any field). Readers of images are providers once a study that they read is a person's.
-- rows: omop.provider
-- keeps: provider_row
-- when: provider
WITH provider AS (
    SELECT record_id, mapping_id, project_id, provider_key, role_key, specialty, specialty_coding, care_site_key
    FROM midrc.provider
    UNION ALL BY NAME
    SELECT record_id, mapping_id, project_id, reader_key AS provider_key
    FROM midrc.annotation SEMI JOIN harmonize.person_case USING (project_id, case_key)
    WHERE reader_key IS NOT NULL AND repeats IS NULL
)
SELECT md5(p.project_id || '|provider|' || p.provider_key)::UUID AS row_key,
       min(p.record_id) AS record_id, arg_min(p.mapping_id, p.record_id) AS mapping_id,
       list(DISTINCT p.record_id ORDER BY p.record_id) AS support,
       p.project_id AS key_project_id, p.provider_key AS key_provider_key,
       coalesce(max(c.target_concept_id), 0) AS specialty_concept_id,
       max(s.care_site_id) AS care_site_id,
       source_value(p.provider_key, NULL) AS provider_source_value,
       source_value(arg_max(p.specialty, p.record_id), NULL) AS specialty_source_value,
       0 AS specialty_source_concept_id
FROM provider p
LEFT JOIN coding_target c ON c.coding = p.specialty_coding AND c.target_rank = 1
LEFT JOIN care_site_row s ON s.project_id = p.project_id AND s.care_site_key = p.care_site_key
WHERE p.provider_key IS DISTINCT FROM p.role_key OR (p.project_id, p.role_key) IN (
    SELECT project_id, provider_key FROM (
        SELECT project_id, provider_key FROM midrc."case"
        UNION ALL SELECT project_id, provider_key FROM midrc.visit
        UNION ALL SELECT project_id, provider_key FROM midrc.visit_detail
        UNION ALL SELECT project_id, provider_key FROM midrc.condition
        UNION ALL SELECT project_id, provider_key FROM midrc.medication
        UNION ALL SELECT project_id, provider_key FROM midrc.procedure
        UNION ALL SELECT project_id, provider_key FROM midrc.device
        UNION ALL SELECT project_id, provider_key FROM midrc.measurement
        UNION ALL SELECT project_id, provider_key FROM midrc.observation
        UNION ALL SELECT project_id, provider_key FROM midrc.note)
    WHERE starts_with(provider_key, 'PractitionerRole/'))
GROUP BY p.project_id, p.provider_key
