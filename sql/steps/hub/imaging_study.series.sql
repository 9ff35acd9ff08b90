-- midrc.imaging_study rows made from series: one a study of a case that no record names itself.
-- when: imaging_series or imaging_study
-- after: imaging_study.gone
INSERT INTO midrc.imaging_study BY NAME
SELECT min(s.record_id) AS record_id, md5(s.project_id || '|imaging_study|' || s.case_key || '|' || s.study_uid)::UUID AS row_key,
       0 AS mapping_id, s.project_id, 'imaging_study' AS type, s.case_key, s.case_key AS cases,
       s.study_uid AS submitter_id, s.study_uid,
       list(DISTINCT s.modality ORDER BY s.modality) FILTER (s.modality IS NOT NULL) AS study_modality,
       arg_min(s.study_description, s.record_id) AS study_description,
       list(DISTINCT s.body_part_examined ORDER BY s.body_part_examined) FILTER (s.body_part_examined IS NOT NULL)
           AS body_part_examined,
       min(s.study_date) AS study_date,
       arg_min(s.patient_age, s.record_id) AS patient_age, arg_min(s.patient_sex, s.record_id) AS patient_sex,
       CASE WHEN max(dicom_age(s.patient_age)) <= 89 THEN max(dicom_age(s.patient_age)) END AS age_at_imaging,
       CASE WHEN max(dicom_age(s.patient_age)) > 89 THEN 'Yes' WHEN max(dicom_age(s.patient_age)) IS NOT NULL THEN 'No' END
           AS age_at_imaging_gt89,
       CASE WHEN any_value(a.time_policy) = 'offset'
            THEN coalesce(min(s.study_day), date_diff('day', any_value(a.image_anchor), min(s.study_date))) END AS days_to_study,
       count(*)::INTEGER AS series_count, sum(s.instance_count)::INTEGER AS instance_count,
       arg_min(s.collection, s.record_id) AS collection
FROM midrc.imaging_series s
JOIN affected_case a USING (project_id, case_key)
WHERE NOT EXISTS (
    FROM midrc.imaging_study o
    WHERE o.project_id = s.project_id AND coalesce(o.study_uid, o.submitter_id) = s.study_uid AND o.mapping_id <> 0)
GROUP BY s.project_id, s.case_key, s.study_uid
