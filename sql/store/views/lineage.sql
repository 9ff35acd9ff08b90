-- The lineage for people: which record, file, line and mapping stand behind each row of OMOP. The mapping is the one that read
-- the record: records of several may stand behind a row, and what the engine derives from them has none of its own.
CREATE VIEW harmonize.lineage AS
SELECT s.omop_table, s.omop_id, b.project_id, t.name AS node, r.record_key,
       CASE WHEN m.mapping_id = 0 OR m.name = b.mapping THEN m.part END AS part, s.role,
       r.submission_id, r.file_id, f.name AS file, r.line, b.mapping, b.mapping_version
FROM harmonize.row_source s
JOIN harmonize.record r ON r.record_id = s.record_id
JOIN harmonize.record_type t ON t.record_type = r.record_type
JOIN harmonize.source_file f ON f.file_id = r.file_id
JOIN harmonize.submission b ON b.submission_id = r.submission_id
JOIN harmonize.mapping m ON m.mapping_id = s.mapping_id
