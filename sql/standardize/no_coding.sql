-- The codings to choose from where no affected row has several.
CREATE OR REPLACE TEMP TABLE coding_candidate (codings VARCHAR, position BIGINT, coding VARCHAR, text VARCHAR, user_selected BOOLEAN);
CREATE OR REPLACE TEMP TABLE coding_choice (node VARCHAR, codings VARCHAR, coding VARCHAR, text VARCHAR)
