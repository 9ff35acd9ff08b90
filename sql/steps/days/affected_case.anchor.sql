-- Images of matched cases are dated by the calendar day that is their day 0.
-- when: harmonize.day_zero
-- after: readers
UPDATE affected_case SET image_anchor = z.day_zero
FROM harmonize.day_zero z
WHERE z.project_id = affected_case.project_id AND z.case_key = affected_case.case_key
