-- Of a store without annotations none changes its study.
CREATE OR REPLACE TEMP TABLE annotation_link (project_id VARCHAR, former_case_key VARCHAR, case_key VARCHAR)
