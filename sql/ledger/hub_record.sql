-- Records that made a hub row, with their case (NULL for rows without one, such as an organization).
CREATE OR REPLACE TEMP TABLE hub_record AS
WITH hub AS (
    SELECT record_id, project_id, case_key, false AS is_study FROM midrc."case"
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.visit
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.visit_detail
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.condition
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.medication
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.procedure
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.device
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.measurement
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.observation
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.death
    UNION ALL SELECT record_id, project_id, case_key, true FROM midrc.imaging_study
    UNION ALL SELECT record_id, project_id, case_key, false FROM midrc.imaging_series
)
SELECT record_id, project_id, case_key, is_study FROM hub SEMI JOIN affected_case USING (project_id, case_key)
UNION
SELECT record_id, project_id, NULL, false FROM midrc.organization
UNION
SELECT record_id, project_id, NULL, false FROM midrc.provider
