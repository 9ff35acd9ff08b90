-- Every study of the store, by project and person, and why it is not linked to a clinical record (reason NULL: it is).
--   no_case: its series name a study that is not loaded; withdrawn: its patient was; no_date: neither study nor series has one;
--   other_calendar: one has, and the project counts days; unmatched: it matches them, and found none for the patient.
--   project_count, patient_count: projects, and persons of this project, under whose names the StudyInstanceUID comes.
CREATE OR REPLACE TEMP TABLE study_status AS
WITH case_told AS (
    SELECT project_id, case_key, study_uid FROM midrc.imaging_series
    UNION
    SELECT project_id, case_key, coalesce(study_uid, submitter_id) FROM midrc.imaging_study
),
told AS (
    SELECT t.project_id, t.study_uid, p.person_id, CASE WHEN p.person_id IS NULL THEN t.case_key END AS unknown_case,
           min(t.case_key) AS case_key
    FROM case_told t
    LEFT JOIN harmonize.person_case p ON p.project_id = t.project_id AND p.case_key = t.case_key
    GROUP BY ALL
)
SELECT t.project_id, t.case_key, t.study_uid, t.person_id,
       CASE WHEN t.case_key IS NULL THEN 'no_case'
            WHEN l.person_tier = 'images_only' THEN 'no_clinical_record'
            WHEN l.person_id IS NOT NULL THEN NULL
            WHEN w.case_key IS NOT NULL THEN 'withdrawn'
            WHEN j.time_policy = 'offset' AND d.study_uid IS NOT NULL
                THEN CASE WHEN j.match_days IS NULL THEN 'other_calendar' ELSE 'unmatched' END
            ELSE 'no_date' END AS reason,
       o.project_count, p.patient_count
FROM told t
LEFT JOIN harmonize.image_link l
  ON l.project_id = t.project_id AND l.person_id = t.person_id AND l.study_uid = t.study_uid
LEFT JOIN (SELECT DISTINCT project_id, case_key FROM harmonize.withdrawn_case) w
  ON w.project_id = t.project_id AND w.case_key = t.case_key
LEFT JOIN harmonize.project j ON j.project_id = t.project_id
LEFT JOIN (SELECT project_id, study_uid FROM midrc.imaging_series WHERE coalesce(study_date, series_date) IS NOT NULL
           UNION SELECT project_id, coalesce(study_uid, submitter_id) FROM midrc.imaging_study WHERE study_date IS NOT NULL) d
  ON d.project_id = t.project_id AND d.study_uid = t.study_uid
LEFT JOIN (SELECT study_uid, count(DISTINCT project_id) AS project_count FROM told GROUP BY study_uid) o
  ON o.study_uid = t.study_uid
LEFT JOIN (SELECT project_id, study_uid, count(*) AS patient_count FROM told GROUP BY ALL) p
  ON p.project_id = t.project_id AND p.study_uid = t.study_uid
