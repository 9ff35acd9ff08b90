-- The texts that break a rule of privacy, each once a column, and what is loaded of them: nothing where a rule of severity error
-- ($errors) is broken, except in documents ($documents), and in the columns of $withheld; what else tells somebody is masked by
-- the statements that follow.
CREATE OR REPLACE TEMP TABLE privacy_mask AS
SELECT column_id, value,
       CASE WHEN NOT (bool_or(list_contains($errors::VARCHAR[], rule)) OR list_contains($withheld::INTEGER[], column_id))
                 OR list_contains($documents::INTEGER[], column_id)
            THEN value END AS shown
FROM privacy_hit
GROUP BY column_id, value
