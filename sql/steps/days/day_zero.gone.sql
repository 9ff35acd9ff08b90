-- What was found of the affected cases before.
-- when: harmonize.day_zero
DELETE FROM harmonize.day_zero AS h USING affected_case a
WHERE h.project_id = a.project_id AND h.case_key = a.case_key
