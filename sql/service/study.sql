-- Imaging studies that fit all that is given; a value that is not given fits every study.
SELECT project_id, case_key, person_id, modality, region, study_description, study_date, days_from_admission, tier,
       series_count, instance_count, study_uid
FROM linked.imaging_timeline
WHERE ($project IS NULL OR project_id = $project) AND ($modality IS NULL OR modality = $modality)
      AND ($region IS NULL OR region = $region) AND ($case IS NULL OR case_key = $case) AND ($tier IS NULL OR tier = $tier)
      AND ($description IS NULL OR contains(lower(study_description), lower($description)))
ORDER BY project_id, case_key, study_date, study_uid
