-- Rows of the hub that no file holds, or not whole, and why.
CREATE OR REPLACE TEMP TABLE gen3_loss (project_id VARCHAR, node VARCHAR, submitter_id VARCHAR, reason VARCHAR, property VARCHAR)
