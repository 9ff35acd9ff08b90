-- Take back which study an exam of an affected case was found to be, since it is found anew.
-- when: imaging_study
UPDATE midrc.imaging_study SET study_uid = NULL
FROM affected_case a
WHERE imaging_study.project_id = a.project_id AND imaging_study.case_key = a.case_key
  AND list_contains(imaging_study.computed, 'study_uid')
