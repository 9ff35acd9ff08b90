-- Every coding that the affected rows name, once.
CREATE OR REPLACE TEMP TABLE coding_used AS
SELECT DISTINCT coding FROM (
    SELECT coding FROM hub_event
    UNION ALL SELECT value_coding FROM hub_event
    UNION ALL SELECT type_hint FROM hub_event
    UNION ALL SELECT route_coding FROM hub_event
    UNION ALL SELECT modifier_coding FROM hub_event
    UNION ALL SELECT qualifier_coding FROM hub_event
    UNION ALL SELECT 'UCUM:' || unit_code FROM hub_event
    UNION ALL SELECT 'Meas Value Operator:' || value_operator FROM hub_event
    UNION ALL SELECT unnest(['SNOMED:417662000', 'SNOMED:419620001', 'Type Concept:OMOP4976955'])
    UNION ALL SELECT 'Type Concept:' || type_code FROM source_type_code
) WHERE coding IS NOT NULL
