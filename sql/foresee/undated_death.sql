-- The deaths that nothing dates: one finding a case, as one death is told of it, and none where another line dates it.
INSERT INTO doubtful
SELECT min(record_id), 'no_date', 'death'
FROM ({deaths})
GROUP BY case_key
HAVING NOT bool_or(is_dated)
