-- The source values that value sets map.
CREATE OR REPLACE TEMP TABLE review_subject (subject_id VARCHAR, label VARCHAR)
