-- Files whose records do not end in as many states.
SELECT b.project_id AS site,
       count(*) FILTER (WHERE f.records <> f.loaded + f.excluded + f.quarantined + f.duplicate + f.context + f.unchanged + f.superseded
                              + f.deleted) AS violated,
       count(*) AS denominator, NULL AS note
FROM harmonize.source_file f JOIN harmonize.submission b USING (submission_id)
GROUP BY b.project_id
