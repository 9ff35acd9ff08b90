-- The columns of each file in which privacy found something, their header included.
SELECT f.file_id, list(DISTINCT f.column_id)
FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id)
WHERE starts_with(r.rule, 'phi_') AND f.column_id IS NOT NULL
GROUP BY f.file_id
