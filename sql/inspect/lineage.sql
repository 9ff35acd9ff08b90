-- The records that one OMOP row came from, the primary one first; imputed names the row's columns that no record states.
SELECT l.omop_table, l.omop_id, l.project_id, l.node, l.record_key, l.part, l.role,
       l.submission_id, l.file, l.line, l.mapping, l.mapping_version,
       (SELECT string_agg(i.column_name || ' from ' || i.rule, ', ' ORDER BY i.column_name)
        FROM harmonize.imputation i
        WHERE i.omop_table = $table::harmonize.omop_table AND i.omop_id = $id) AS imputed
FROM harmonize.lineage l
WHERE l.omop_table = $table::harmonize.omop_table AND l.omop_id = $id
ORDER BY l.role, l.submission_id, l.file_id, l.line
