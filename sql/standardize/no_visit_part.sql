-- The temp tables of parts of visits where the affected cases have none.
CREATE OR REPLACE TEMP TABLE visit_part (project_id VARCHAR, case_key VARCHAR, visit_detail_key VARCHAR, visit_key VARCHAR);
CREATE OR REPLACE TEMP TABLE visit_detail_row (project_id VARCHAR, case_key VARCHAR, visit_detail_key VARCHAR, visit_detail_id BIGINT);
