-- Rows of one hub table of a project: whether a Gen3 batch gave them, and their case where the batch's file names it
-- in a column case_ids, which says again what a link says and has no place in the hub.
CREATE OR REPLACE TEMP TABLE gen3_row AS
SELECT r.*, g.source AS gen3_source, CASE WHEN f.file_id IS NOT NULL THEN [r.case_key] END AS gen3_case_ids
FROM ({rows}) r
LEFT JOIN (SELECT DISTINCT m.mapping_id, m.source FROM harmonize.mapping m JOIN harmonize.submission s
           ON s.mapping = m.name AND s.mapping_version = m.version AND s.source = 'gen3') g USING (mapping_id)
LEFT JOIN harmonize.record e ON e.record_id = r.record_id
LEFT JOIN (SELECT DISTINCT file_id FROM harmonize.ledger_column WHERE column_name = 'case_ids' AND empty < records) f
    ON f.file_id = e.file_id AND g.source IS NOT NULL
WHERE r.project_id = $project
