-- Merged cases are the person of the one that was chosen (person_of_case).
UPDATE harmonize.person_case
SET person_id = p.person_id, chosen_project_id = p.chosen_project_id, chosen_case_key = p.chosen_case_key
FROM person_of_case p
WHERE p.project_id = person_case.project_id AND p.case_key = person_case.case_key
