-- The highest id of each table, which is never given again.
CREATE OR REPLACE TEMP TABLE highest_id AS
SELECT omop_table, max(omop_id) AS omop_id
FROM (FROM harmonize.row_id UNION ALL FROM harmonize.row_id_retired)
GROUP BY omop_table
