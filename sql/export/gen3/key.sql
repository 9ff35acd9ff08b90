-- The submitter_ids of the nodes that are written so far.
CREATE OR REPLACE TEMP TABLE gen3_key (node VARCHAR, submitter_id VARCHAR)
