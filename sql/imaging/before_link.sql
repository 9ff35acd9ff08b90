-- The affected cases' links between images and visits, and their days to tests, are made anew.
DELETE FROM harmonize.image_link USING affected_case a
WHERE image_link.project_id = a.project_id AND image_link.case_key = a.case_key;

CREATE OR REPLACE TEMP TABLE study_test_day (project_id VARCHAR, person_id BIGINT, study_uid VARCHAR, pos INTEGER[], neg INTEGER[]);
