-- Coverage of the link, one row a project that has images, studies that a record of the contributor names, or patients.
WITH series AS (
    SELECT project_id, count(DISTINCT series_uid) AS series, count(DISTINCT study_uid) AS studies, count(DISTINCT case_key) AS patients
    FROM midrc.imaging_series GROUP BY project_id
),
named AS (
    SELECT n.project_id, count(DISTINCT coalesce(n.study_uid, n.submitter_id)) AS studies_without_series
    FROM midrc.imaging_study n ANTI JOIN midrc.imaging_series s USING (project_id, study_uid)
    GROUP BY n.project_id
),
linked AS (
    SELECT project_id, count(DISTINCT case_key) AS persons,
           count(*) FILTER (visit_occurrence_id IS NOT NULL) AS studies_with_visit,
           count(DISTINCT case_key) FILTER (visit_occurrence_id IS NOT NULL) AS patients_with_visit
    FROM harmonize.image_link GROUP BY project_id
),
images AS (
    SELECT l.project_id, count(*) AS images
    FROM omop.image_occurrence o JOIN harmonize.image_link l ON l.procedure_occurrence_id = o.procedure_occurrence_id
    GROUP BY l.project_id
)
SELECT project_id, coalesce(i.images, 0) AS image_occurrences, coalesce(s.series, 0) AS series,
       coalesce(s.studies, 0) AS studies, coalesce(s.patients, 0) AS patients,
       coalesce(l.persons, 0) AS patients_linked_to_person,
       coalesce(l.studies_with_visit, 0) AS studies_with_visit, coalesce(l.patients_with_visit, 0) AS patients_with_visit,
       coalesce(n.studies_without_series, 0) AS studies_without_series,
       coalesce(p.imaging_date_offset_days, 0) AS imaging_date_offset_days
FROM (SELECT project_id FROM series UNION SELECT project_id FROM named
      UNION SELECT project_id FROM harmonize.person_case WHERE basis = 'clinical')
LEFT JOIN series s USING (project_id)
LEFT JOIN named n USING (project_id)
LEFT JOIN linked l USING (project_id)
LEFT JOIN images i USING (project_id)
LEFT JOIN harmonize.project p USING (project_id)
ORDER BY project_id
