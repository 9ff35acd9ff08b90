-- Projects of which no record stands that was read in the old way need not be loaded again.
DELETE FROM harmonize.needs_reload n
WHERE NOT EXISTS (
    FROM harmonize.record r
    JOIN harmonize.submission s USING (submission_id)
    WHERE r.is_current AND s.project_id = n.project_id AND r.submission_id <= n.submission_id
)
