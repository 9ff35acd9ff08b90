-- A number that was the highest of its table stays in the registry without the key that it stood for: ids are never reused.
INSERT INTO harmonize.row_id_retired
SELECT h.omop_table, md5('highest|' || h.omop_table::VARCHAR || '|' || h.omop_id)::UUID, h.omop_id
FROM highest_id h
LEFT JOIN (
    SELECT omop_table, max(omop_id) AS omop_id
    FROM (FROM harmonize.row_id UNION ALL FROM harmonize.row_id_retired) GROUP BY omop_table
) n USING (omop_table)
WHERE n.omop_id IS NULL OR n.omop_id < h.omop_id
