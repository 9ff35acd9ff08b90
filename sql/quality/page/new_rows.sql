-- Rows of a site that its latest delivery made or changed, and those that earlier ones alone stand behind, by table.
WITH made AS (
    SELECT o.omop_table::VARCHAR AS omop_table, o.omop_id, max(r.submission_id) AS latest
    FROM harmonize.row_source o
    JOIN harmonize.record r USING (record_id)
    JOIN harmonize.submission b USING (submission_id)
    WHERE b.project_id = $site
    GROUP BY ALL
),
last_one AS (SELECT max(submission_id) AS submission_id FROM harmonize.submission WHERE project_id = $site AND state = 'loaded')
SELECT m.omop_table AS "table", count(*) FILTER (WHERE m.latest = l.submission_id) AS latest,
       count(*) FILTER (WHERE m.latest < l.submission_id) AS earlier
FROM made m CROSS JOIN last_one l
GROUP BY m.omop_table ORDER BY m.omop_table
