-- The keys ({key}) of the records of a table ({table}) of which findings tell, unless privacy found something in their columns
-- ({columns}) or a finding hides a value of theirs, on whatever line: what is private of one key may be of all.
INSERT INTO finding_record
SELECT {file}, line_, line_, NULL, left({key}, 200)
FROM {table}
WHERE {key} IS NOT NULL
  AND line_ IN (SELECT line FROM harmonize.finding WHERE file_id = {file})
  AND NOT EXISTS (
      FROM harmonize.finding f
      JOIN harmonize.rule r USING (rule_id)
      JOIN harmonize.file_column c USING (file_id, column_id)
      WHERE f.file_id = {file} AND (starts_with(r.rule, 'phi_') OR f.value = '***') AND list_contains([{columns}], c.name))
