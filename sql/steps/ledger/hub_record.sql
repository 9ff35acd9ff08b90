-- Records that made a hub row, with their case (NULL for rows without one, such as an organization). A record that only
-- describes something that others name is none by itself.
CREATE OR REPLACE TEMP TABLE hub_record AS
WITH hub AS (
    SELECT record_id, project_id, case_key FROM midrc."case"
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.visit
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.visit_detail
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.condition
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.medication
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.procedure
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.device
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.measurement
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.observation
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.death
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.note
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.specimen
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.imaging_study
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.imaging_series
    UNION ALL SELECT record_id, project_id, case_key FROM midrc.annotation
)
SELECT record_id, project_id, case_key, false AS describes FROM hub SEMI JOIN affected_case USING (project_id, case_key)
UNION
-- series and annotations that wait for their study: of a case that nobody is
SELECT record_id, project_id, '', false FROM midrc.imaging_series WHERE case_key IS NULL
UNION
SELECT record_id, project_id, '', false FROM midrc.annotation WHERE case_key IS NULL
UNION
SELECT record_id, project_id, NULL, false FROM midrc.organization
UNION
SELECT record_id, project_id, NULL, provider_key IS NOT DISTINCT FROM role_key FROM midrc.provider
UNION
SELECT record_id, project_id, NULL, true FROM midrc.drug
UNION
SELECT record_id, project_id, NULL, true FROM midrc.device_definition
