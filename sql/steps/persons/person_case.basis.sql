-- Whether a person has a clinical record now, or images only.
-- after: person_case.new
-- before: person_of_case, class.moved_case
UPDATE harmonize.person_case
SET basis = CASE WHEN b.is_clinical THEN 'clinical' ELSE 'imaging' END
FROM person_best b
WHERE b.project_id = person_case.project_id AND b.case_key = person_case.case_key AND (basis = 'clinical') IS DISTINCT FROM b.is_clinical
