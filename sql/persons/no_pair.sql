-- Cases that are one person, where nothing says so of any.
CREATE OR REPLACE TEMP TABLE node_pair (node_1 BIGINT, node_2 BIGINT, days INTEGER, basis VARCHAR);
CREATE OR REPLACE TEMP TABLE replaced_case (project_id VARCHAR, case_key VARCHAR, surviving_key VARCHAR);
CREATE OR REPLACE TEMP TABLE linked_case (node BIGINT, root BIGINT, days INTEGER);
CREATE OR REPLACE TEMP TABLE case_group (project_id VARCHAR, case_key VARCHAR, link_root BIGINT, is_contradictory BOOLEAN,
                                         root BIGINT, days INTEGER)
