-- Codings of the affected cases' event rows, before they are joined with anything.
CREATE OR REPLACE TEMP TABLE hub_coding AS
WITH used AS (
    SELECT project_id, case_key, coding, value_coding, type_hint FROM midrc.condition
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, value_coding, type_hint, route_coding FROM midrc.medication
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, value_coding, type_hint, modifier_coding FROM midrc.procedure
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, type_hint FROM midrc.device
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, value_coding, type_hint, unit_code, value_operator FROM midrc.measurement
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, value_coding, type_hint, unit_code, value_operator, qualifier_coding, question_coding
    FROM midrc.observation
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, type_hint FROM midrc.note
    UNION ALL BY NAME
    SELECT project_id, case_key, coding, type_hint, unit_code FROM midrc.specimen
)
SELECT DISTINCT coding, value_coding, type_hint, route_coding, modifier_coding, unit_code, value_operator, qualifier_coding,
       question_coding
FROM used SEMI JOIN affected_case USING (project_id, case_key)
