-- The record that speaks for a death, dated or not, is the first of its case; none where the store has the death.
INSERT INTO standing
SELECT min(record_id)
FROM ({deaths})
GROUP BY case_key
HAVING count(*) = count(record_id)
