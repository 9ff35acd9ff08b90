-- How images are linked in a published file: studies (one without a UID by its key), those with a person, patients, persons.
SELECT count(DISTINCT (s.project_id, s.case_key, s.study)),
       count(DISTINCT (s.project_id, s.case_key, s.study)) FILTER (l.person_id IS NOT NULL),
       count(DISTINCT (s.project_id, s.case_key)), count(DISTINCT l.person_id)
FROM (SELECT project_id, case_key, coalesce(study_uid, submitter_id) AS study FROM midrc.imaging_study) s
LEFT JOIN harmonize.image_link l ON l.project_id = s.project_id AND l.case_key = s.case_key AND l.study_uid = s.study
