-- The classes of the hub that the affected cases have rows of, beside the case itself.
-- tells: annotation, death, fact_link, imaging_series, imaging_study, note, specimen, visit, visit_detail
SELECT DISTINCT class
FROM (SELECT 'annotation' AS class, project_id, case_key FROM midrc.annotation
      UNION ALL SELECT 'death', project_id, case_key FROM midrc.death
      UNION ALL SELECT 'fact_link', project_id, case_key FROM midrc.fact_link
      UNION ALL SELECT 'imaging_series', project_id, case_key FROM midrc.imaging_series
      UNION ALL SELECT 'imaging_study', project_id, case_key FROM midrc.imaging_study
      UNION ALL SELECT 'note', project_id, case_key FROM midrc.note
      UNION ALL SELECT 'specimen', project_id, case_key FROM midrc.specimen
      UNION ALL SELECT 'visit', project_id, case_key FROM midrc.visit
      UNION ALL SELECT 'visit_detail', project_id, case_key FROM midrc.visit_detail)
SEMI JOIN affected_case USING (project_id, case_key)
