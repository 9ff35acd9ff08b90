-- The places and people of care where nothing names any.
CREATE OR REPLACE TEMP TABLE care_site_row (care_site_id BIGINT, project_id VARCHAR, care_site_key VARCHAR);
CREATE OR REPLACE TEMP TABLE provider_row (provider_id BIGINT, project_id VARCHAR, provider_key VARCHAR)
