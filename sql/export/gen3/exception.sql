-- In what the export of a project differs from the Gen3 batches that were loaded into it, cell by cell where a cell differs:
-- cells that a rule kept out, cells that the engine filled in (unless $as_sent), records that the hub does not hold, and
-- columns of a file that it does not, with how many cells had a value there.
WITH batch_file AS (
    SELECT f.file_id, f.loaded, t.record_type
    FROM harmonize.source_file f
    JOIN harmonize.submission s USING (submission_id)
    LEFT JOIN (SELECT file_id, any_value(record_type) AS record_type FROM harmonize.record GROUP BY file_id) t USING (file_id)
    WHERE s.source = 'gen3' AND s.project_id = $project AND s.state = 'loaded'
),
node AS (
    SELECT b.file_id, b.loaded, split_part(t.name, '.', 2) AS node FROM batch_file b LEFT JOIN harmonize.record_type t USING (record_type)
),
kept_out AS (
    SELECT n.node, e.record_key AS submitter_id,
           coalesce(c.header, CASE WHEN r.rule = 'mapping_error' THEN split_part(f.value, ':', 1) END) AS property, r.rule
    FROM harmonize.finding f
    JOIN harmonize.rule r USING (rule_id)
    JOIN node n USING (file_id)
    JOIN harmonize.record e ON e.file_id = f.file_id AND e.line = f.line AND e.is_current AND e.state = 'loaded'
    LEFT JOIN harmonize.file_column c ON c.file_id = f.file_id AND c.column_id = f.column_id
    WHERE r.severity = 'error' AND (r.scope = 'cell' OR r.rule = 'mapping_error')
)
SELECT $project AS project_id, node, submitter_id, property, 'kept_out' AS kind, rule AS reason, NULL::BIGINT AS cells
FROM kept_out WHERE property IS NOT NULL
UNION ALL
SELECT $project, 'imaging_study', submitter_id, property, 'filled', coalesce(reason, 'computed'), NULL
FROM (
    SELECT submitter_id, unnest(computed) AS property, NULL AS reason
    FROM midrc.imaging_study WHERE project_id = $project AND record_id IN (SELECT record_id FROM harmonize.record JOIN node USING (file_id))
    UNION ALL
    SELECT submitter_id, unnest(list_filter([
               CASE WHEN loinc_code IS NOT NULL THEN 'loinc_code' END,
               CASE WHEN loinc_long_common_name IS NOT NULL THEN 'loinc_long_common_name' END,
               CASE WHEN loinc_method IS NOT NULL THEN 'loinc_method' END,
               CASE WHEN loinc_system IS NOT NULL THEN 'loinc_system' END,
               CASE WHEN loinc_contrast IS NOT NULL THEN 'loinc_contrast' END], lambda name: name IS NOT NULL)), loinc_source
    FROM midrc.imaging_study WHERE project_id = $project AND loinc_source IS NOT NULL
      AND record_id IN (SELECT record_id FROM harmonize.record JOIN node USING (file_id))
)
WHERE NOT $as_sent
UNION ALL
SELECT $project, n.node, e.record_key, NULL, e.state::VARCHAR, r.reason, NULL
FROM harmonize.record e JOIN node n USING (file_id) LEFT JOIN harmonize.reason r USING (reason_id)
WHERE e.is_current AND e.state NOT IN ('loaded', 'context')
UNION ALL
SELECT $project, n.node, NULL, coalesce(c.header, l.column_name), 'column', l.reason, sum(l.excluded)::BIGINT
FROM harmonize.ledger_column l
JOIN node n USING (file_id)
LEFT JOIN harmonize.file_column c ON c.file_id = l.file_id AND c.name = l.column_name
WHERE n.loaded > 0 AND l.excluded > 0 AND l.column_name NOT IN ('type', 'case_ids') AND NOT starts_with(l.reason, 'the case')
GROUP BY ALL
ORDER BY ALL
