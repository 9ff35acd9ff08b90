-- Keys of the id registry that stand for the persons of the cases to withdraw: of each hub row, and the natural keys of the
-- rows that a case has in common (as sql/omop writes them).
CREATE OR REPLACE TEMP TABLE withdraw_key AS
SELECT row_key FROM case_row
UNION
SELECT md5(project_id || '|visit|' || case_key || '|' || visit_key)::UUID FROM case_row WHERE visit_key IS NOT NULL
UNION
SELECT md5(concat_ws('|', project_id, 'visit_detail', case_key, visit_key, visit_detail_key))::UUID
FROM case_row WHERE visit_detail_key IS NOT NULL
UNION
SELECT md5(project_id || '|imaging_procedure|' || case_key || '|' || study_uid)::UUID FROM case_row WHERE study_uid IS NOT NULL
UNION
SELECT md5('person|' || project_id || '|' || case_key)::UUID FROM withdraw_case
UNION
SELECT md5(project_id || '|age_precision|' || case_key)::UUID FROM withdraw_case
UNION
SELECT md5(project_id || '|death|' || case_key)::UUID FROM withdraw_case
UNION
SELECT row_key
FROM harmonize.row_id i
JOIN harmonize.row_source s USING (omop_table, omop_id)
WHERE s.record_id IN (SELECT record_id FROM withdraw_record)
  AND i.omop_table NOT IN ('location', 'care_site', 'provider')
