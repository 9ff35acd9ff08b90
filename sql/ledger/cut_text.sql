-- A text that is longer than its column in OMOP ({table}.{column}, {length} characters) is cut, with a hash of the whole at its end
-- where there is room; the records that it is of have a finding.
INSERT INTO harmonize.finding
SELECT DISTINCT r.submission_id, k.rule_id, r.file_id, r.line, NULL::INTEGER, '{table}.{column}'
FROM omop.{table} o
JOIN harmonize.row_source s ON s.omop_table = '{table}' AND s.omop_id = o.{key} AND s.role = 'primary'
JOIN harmonize.record r USING (record_id)
JOIN harmonize.rule k ON k.rule = 'cut_text'
WHERE length(o.{column}) > {length}
  AND NOT EXISTS (FROM harmonize.finding f WHERE f.rule_id = k.rule_id AND f.file_id = r.file_id AND f.line = r.line
                                             AND f.value = '{table}.{column}');

UPDATE omop.{table}
SET {column} = CASE WHEN {length} < 20 THEN left({column}, {length})
                    ELSE left({column}, {length} - 9) || '~' || left(sha256({column}), 8) END
WHERE length({column}) > {length}
