-- Every coding that the affected rows name, once.
CREATE OR REPLACE TEMP TABLE coding_used AS
SELECT DISTINCT coding FROM (
    SELECT coding FROM hub_coding
    UNION ALL SELECT value_coding FROM hub_coding
    UNION ALL SELECT type_hint FROM hub_coding
    UNION ALL SELECT route_coding FROM hub_coding
    UNION ALL SELECT modifier_coding FROM hub_coding
    UNION ALL SELECT qualifier_coding FROM hub_coding
    UNION ALL SELECT question_coding FROM hub_coding
    UNION ALL SELECT coding FROM coding_candidate
    UNION ALL SELECT 'UCUM:' || unit_code FROM hub_coding
    UNION ALL SELECT 'Meas Value Operator:' || value_operator FROM hub_coding
    UNION ALL SELECT unnest(['SNOMED:417662000', 'SNOMED:419620001', 'Type Concept:OMOP4976955',
                             'SNOMED:399208008', 'Visit:IP', 'Visit:ERIP', 'SNOMED:297487008', 'LOINC:LA32-8',
                             'SNOMED:416471007'])
    UNION ALL SELECT unnest([gender, race_coding, ethnicity_coding]) FROM person_best
    UNION ALL SELECT unnest([coding, admit_source_coding, discharge_coding])
              FROM midrc.visit SEMI JOIN affected_case USING (project_id, case_key)
    UNION ALL SELECT coding FROM midrc.visit_detail SEMI JOIN affected_case USING (project_id, case_key)
    UNION ALL SELECT cause_coding FROM midrc.death SEMI JOIN affected_case USING (project_id, case_key)
    UNION ALL SELECT type_concept FROM source_type_code
    UNION ALL SELECT specialty_coding FROM midrc.provider
    UNION ALL SELECT place_of_service_coding FROM midrc.organization
) WHERE coding IS NOT NULL
