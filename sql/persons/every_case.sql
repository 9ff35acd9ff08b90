-- Every case of the store, or of one project, is touched: a change of vocabulary, of a setting.
CREATE OR REPLACE TEMP TABLE touched_case AS
SELECT project_id, case_key
FROM (SELECT project_id, case_key FROM midrc."case"
      UNION SELECT project_id, case_key FROM midrc.imaging_series WHERE case_key IS NOT NULL
      UNION SELECT project_id, case_key FROM midrc.imaging_study
      UNION SELECT project_id, case_key FROM harmonize.person_case)
WHERE $project IS NULL OR project_id = $project
