-- Sites of which records were loaded, and that have no person.
WITH loaded AS (
    SELECT b.project_id, sum(f.loaded) AS records
    FROM harmonize.source_file f JOIN harmonize.submission b USING (submission_id)
    WHERE b.state = 'loaded'
    GROUP BY b.project_id
)
SELECT l.project_id AS site, (count(p.person_id) = 0)::INTEGER AS violated, 1 AS denominator,
       CASE WHEN count(p.person_id) = 0 THEN format('{{:,}} records were loaded, and there is no person.', max(l.records)::BIGINT) END
           AS note
FROM loaded l
LEFT JOIN quality_case c USING (project_id)
LEFT JOIN omop.person p ON p.person_id = c.person_id
WHERE l.records > 0
GROUP BY l.project_id
