-- What the affected rows are about, or say, in all codes of their source (CodeableConcepts as JSON): each text once a node.
-- The node says which vocabulary speaks first (code_priority).
CREATE OR REPLACE TEMP TABLE codings_used AS
WITH used AS (
    SELECT 'condition' AS node, project_id, case_key, codings FROM midrc.condition
    UNION ALL SELECT 'procedure', project_id, case_key, codings FROM midrc.procedure
    UNION ALL SELECT 'medication', project_id, case_key, codings FROM midrc.medication
    UNION ALL SELECT 'device', project_id, case_key, codings FROM midrc.device
    UNION ALL SELECT 'measurement', project_id, case_key, codings FROM midrc.measurement
    UNION ALL SELECT 'observation', project_id, case_key, codings FROM midrc.observation
    UNION ALL SELECT 'note', project_id, case_key, codings FROM midrc.note
    UNION ALL SELECT 'specimen', project_id, case_key, codings FROM midrc.specimen
    UNION ALL SELECT 'imaging', project_id, case_key, codings FROM midrc.imaging_study
    UNION ALL SELECT 'value', project_id, case_key, value_codings FROM midrc.measurement
    UNION ALL SELECT 'value', project_id, case_key, value_codings FROM midrc.observation
    UNION ALL SELECT 'route', project_id, case_key, route_codings FROM midrc.medication
    UNION ALL SELECT 'body_site', project_id, case_key, body_site_codings FROM midrc.specimen
)
SELECT DISTINCT node, codings FROM used SEMI JOIN affected_case USING (project_id, case_key) WHERE codings IS NOT NULL
UNION
SELECT 'medication', codings FROM midrc.drug WHERE codings IS NOT NULL
UNION
SELECT 'device', codings FROM midrc.device_definition WHERE codings IS NOT NULL
