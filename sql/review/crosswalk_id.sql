-- The concepts that files of crosswalks name.
CREATE OR REPLACE TEMP TABLE crosswalk_id (file VARCHAR, line INTEGER, concept_id BIGINT, label VARCHAR)
