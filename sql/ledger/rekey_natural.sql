-- Keys of the registry that are made of the names of patients, stays, people and places (as sql/omop writes them).
INSERT INTO rekey_row
WITH part AS (
    SELECT DISTINCT project_id, case_key, visit_key, NULL AS visit_detail_key, NULL AS study_uid FROM midrc.visit
    UNION
    SELECT DISTINCT project_id, case_key, visit_key, visit_detail_key, NULL FROM midrc.visit_detail
    UNION
    SELECT DISTINCT project_id, case_key, NULL, NULL, study_uid FROM midrc.imaging_study
    UNION
    SELECT project_id, case_key, NULL, NULL, NULL FROM harmonize.person_case
),
named AS (
    SELECT p.*, c.new AS new_case, v.new AS new_visit, d.new AS new_detail
    FROM part p
    LEFT JOIN (FROM rekey_name WHERE kind = 'case') c ON c.project_id = p.project_id AND c.old = p.case_key
    LEFT JOIN (FROM rekey_name WHERE kind = 'visit') v ON v.project_id = p.project_id AND v.old = p.visit_key
    LEFT JOIN (FROM rekey_name WHERE kind = 'visit') d ON d.project_id = p.project_id AND d.old = p.visit_detail_key
    WHERE c.new IS NOT NULL OR v.new IS NOT NULL OR d.new IS NOT NULL
),
both_ways AS (
    SELECT project_id, case_key, visit_key, visit_detail_key, study_uid, coalesce(new_case, case_key) AS c,
           coalesce(new_visit, visit_key) AS v, coalesce(new_detail, visit_detail_key) AS d
    FROM named
),
era AS (
    SELECT person_id, 'condition_era' AS kind, concat_ws('|', condition_concept_id, condition_era_start_date) AS rest
    FROM omop.condition_era
    UNION ALL SELECT person_id, 'drug_era', concat_ws('|', drug_concept_id, drug_era_start_date) FROM omop.drug_era
    UNION ALL SELECT person_id, 'dose_era', concat_ws('|', drug_concept_id, unit_concept_id, dose_value, dose_era_start_date)
              FROM omop.dose_era
),
text AS (
    SELECT 'person|' || project_id || '|' || case_key AS old, 'person|' || project_id || '|' || c AS new FROM both_ways
    UNION
    SELECT project_id || '|' || kind || '|' || case_key, project_id || '|' || kind || '|' || c
    FROM both_ways, (VALUES ('age_precision'), ('death')) k (kind)
    UNION
    SELECT project_id || '|observation_period|' || case_key || '|' || n, project_id || '|observation_period|' || c || '|' || n
    FROM both_ways, range(200) r (n)
    UNION
    SELECT concat_ws('|', project_id, kind, case_key, rest), concat_ws('|', project_id, kind, c, rest)
    FROM both_ways JOIN harmonize.person_case USING (project_id, case_key) JOIN era USING (person_id)
    UNION
    SELECT project_id || '|visit|' || case_key || '|' || visit_key, project_id || '|visit|' || c || '|' || v FROM both_ways
    UNION
    SELECT concat_ws('|', project_id, 'visit_detail', case_key, visit_key, visit_detail_key),
           concat_ws('|', project_id, 'visit_detail', c, v, d)
    FROM both_ways WHERE visit_detail_key IS NOT NULL
    UNION
    SELECT project_id || '|imaging_procedure|' || case_key || '|' || study_uid, project_id || '|imaging_procedure|' || c || '|' || study_uid
    FROM both_ways
    UNION
    SELECT project_id || '|' || kind || '|' || old, project_id || '|' || kind || '|' || new
    FROM rekey_name WHERE kind IN ('provider', 'care_site')
)
SELECT NULL, NULL, md5(old)::UUID, md5(new)::UUID FROM text WHERE old IS NOT NULL AND new IS NOT NULL
