-- Version 4: what a load reads lies no more in the store.
DROP SCHEMA IF EXISTS stage CASCADE;

-- One case of a person's cases is chosen and stays so. Until now it was the one of the lowest id.
ALTER TABLE harmonize.person_case ADD COLUMN chosen_project_id VARCHAR;
ALTER TABLE harmonize.person_case ADD COLUMN chosen_case_key VARCHAR;
UPDATE harmonize.person_case
SET chosen_project_id = c.chosen[1], chosen_case_key = c.chosen[2]
FROM (
    SELECT p.person_id, coalesce(min((p.project_id, p.case_key)) FILTER (i.omop_id IS NOT NULL), min((p.project_id, p.case_key))) AS chosen
    FROM harmonize.person_case p
    LEFT JOIN (SELECT row_key, omop_id FROM harmonize.row_id WHERE omop_table = 'person') i
      ON i.row_key = md5('person|' || p.project_id || '|' || p.case_key)::UUID AND i.omop_id = p.person_id
    GROUP BY p.person_id
) c
WHERE person_case.person_id = c.person_id
