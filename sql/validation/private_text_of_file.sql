-- The texts of one file in which privacy found something. Of a note ($notes) one finding says what it holds, by the $kinds of the
-- $rules.
INSERT INTO private_text
WITH hit AS (
    SELECT column_id, value, list(DISTINCT rule ORDER BY rule) AS rules,
           bool_or(list_contains($errors::VARCHAR[], rule)) AND NOT list_contains($notes::INTEGER[], column_id) AS refused
    FROM privacy_hit GROUP BY column_id, value
)
SELECT $file, h.column_id, h.value, CASE WHEN n THEN ['phi_note'] ELSE h.rules END,
       CASE WHEN n THEN array_to_string(list_transform(h.rules, lambda rule: $kinds[list_position($rules::VARCHAR[], rule)]), ', ')
            ELSE '***' END,
       m.shown, h.refused
FROM (SELECT *, list_contains($notes::INTEGER[], column_id) AS n FROM hit) h
JOIN privacy_mask m ON m.column_id = h.column_id AND m.value = h.value
