-- The most frequent values of a hub slot for each part of a mapping; rare ones, which could tell of a person, are left out.
SELECT m.part, {shown} AS value, count(*) AS rows
FROM midrc."{table}" AS h
INNER JOIN harmonize.mapping AS m ON m.mapping_id = h.mapping_id
WHERE m.name = $mapping AND h."{slot}" IS NOT NULL
GROUP BY m.part, {shown}
HAVING count(*) >= $least
QUALIFY row_number() OVER (PARTITION BY m.part ORDER BY count(*) DESC, {shown}) <= $most
ORDER BY m.part, rows DESC, value
