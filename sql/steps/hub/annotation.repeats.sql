-- Readings of whole studies that several sources tell (an export and its flat file): of the same study, reader and label those of
-- one source stand, that which names its collection, else the first by name; the others repeat its first.
-- when: annotation
UPDATE midrc.annotation SET repeats = found.repeats
FROM (
    WITH reading AS (
        SELECT n.row_key, n.submitter_id, n.repeats AS known, n.project_id, n.case_key, n.study_uid, n.reader_key,
               coalesce(n.question || '|' || n.answer, lower(n.label_name)) AS label,
               {'has_none': n.collection IS NULL, 'name': m.name, 'source': m.source} AS origin
        FROM midrc.annotation n
        SEMI JOIN affected_case a ON a.project_id = n.project_id AND a.case_key = n.case_key
        JOIN harmonize.mapping m USING (mapping_id)
        WHERE n.series_uid IS NULL AND n.sop_uid IS NULL AND n.geometry IS NULL
    ),
    standing AS (
        SELECT project_id, case_key, study_uid, reader_key, label,
               min(origin) AS origin, arg_min(submitter_id, (origin, submitter_id)) AS submitter_id
        FROM reading
        WHERE reader_key IS NOT NULL
        GROUP BY ALL
        HAVING count(DISTINCT (origin.name, origin.source)) > 1
    )
    SELECT r.row_key, r.known,
           CASE WHEN (r.origin.name, r.origin.source) <> (l.origin.name, l.origin.source) THEN l.submitter_id END AS repeats
    FROM reading r
    LEFT JOIN standing l USING (project_id, case_key, study_uid, reader_key, label)
) found
WHERE annotation.row_key = found.row_key AND found.known IS DISTINCT FROM found.repeats
