-- The concepts that value sets name.
CREATE OR REPLACE TEMP TABLE review_object (coding VARCHAR)
