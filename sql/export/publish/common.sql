-- The texts that at least $rare persons have, by column; {texts} gives column_name, value and person_id.
CREATE OR REPLACE TEMP TABLE publish_common AS
SELECT column_name, value
FROM ({texts})
GROUP BY column_name, value
HAVING count(DISTINCT person_id) >= $rare
