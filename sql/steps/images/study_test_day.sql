-- Days from each study of the affected persons to their positive and negative COVID-19 tests, as the dictionary defines them:
-- test day - study day, distinct, the largest first. A test whose day was taken from something else tells no days.
-- when: study_row
-- when: measurement
-- reads: omop.measurement
CREATE OR REPLACE TEMP TABLE study_test_day AS
SELECT s.project_id, s.person_id, s.study_uid,
       list(DISTINCT t.test_date - s.study_date ORDER BY t.test_date - s.study_date DESC) FILTER (t.result = 'Positive') AS pos,
       list(DISTINCT t.test_date - s.study_date ORDER BY t.test_date - s.study_date DESC) FILTER (t.result = 'Negative') AS neg
FROM study_row s
JOIN harmonize.covid_test t ON t.person_id = s.person_id AND t.result <> 'Indeterminate'
ANTI JOIN (SELECT omop_id FROM harmonize.imputation WHERE omop_table = 'measurement' AND column_name = 'measurement_date') i
  ON i.omop_id = t.measurement_id
GROUP BY ALL
