-- A case without any evidence left is no person any more.
-- before: person_of_case, class.moved_case
DELETE FROM harmonize.person_case USING affected_case a
WHERE person_case.project_id = a.project_id AND person_case.case_key = a.case_key
  AND NOT EXISTS (FROM person_best b WHERE b.project_id = a.project_id AND b.case_key = a.case_key)
