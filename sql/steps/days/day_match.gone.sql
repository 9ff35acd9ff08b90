-- What was found of the affected cases before.
-- when: harmonize.day_match
DELETE FROM harmonize.day_match AS h USING affected_case a
WHERE h.project_id = a.project_id AND h.case_key = a.case_key
