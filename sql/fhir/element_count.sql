-- How many resources of each type have each element (path; '' the resource as such), by how their records ended.
CREATE OR REPLACE TEMP TABLE fhir_element_count AS
WITH record AS (
    SELECT i.record_id - $base AS resource, t.resource_type,
           CASE WHEN i.state IN ('loaded', 'context', 'quarantined') THEN i.state ELSE 'excluded' END AS ended
    FROM record_end i
    JOIN (SELECT DISTINCT record_type, CASE WHEN is_known THEN resource_type ELSE 'unknown' END AS resource_type
          FROM fhir_type) t USING (record_type)
),
-- elements whose value the load took out
hidden AS (
    SELECT resource_type, path, ended, count(*) AS n
    FROM (SELECT DISTINCT resource, r.resource_type, q.path, r.ended
          FROM (SELECT DISTINCT resource, regexp_replace(element, '^[^.]*\.', '') AS path FROM fhir_cell WHERE shown IS NULL) p
          JOIN record r USING (resource)
          JOIN fhir_shape s USING (resource)
          JOIN fhir_shape_path q ON q.shape = s.shape AND (q.element = p.path OR starts_with(q.element, p.path || '.'))
          WHERE r.ended IN ('loaded', 'context'))
    GROUP BY ALL
),
-- forms of a report that are no text: its conclusion or its results are loaded, they are not
unread AS (
    SELECT resource_type, 'presentedForm.data' AS path, ended, count(*) AS n
    FROM (SELECT r.resource_type, r.ended,
                 from_json(f.json, '{"presentedForm": [{"contentType": "VARCHAR", "data": "VARCHAR"}]}').presentedForm AS forms
          FROM record r
          JOIN fhir_resource f ON f.rowid = r.resource
          WHERE r.resource_type = 'DiagnosticReport' AND r.ended IN ('loaded', 'context') AND contains(f.json, '"data"'))
    WHERE len(list_filter(forms, lambda form: form.data IS NOT NULL)) > 0
      AND len(list_filter(forms, lambda form: form.data IS NOT NULL
                                              AND starts_with(lower(coalesce(form.contentType, 'text/')), 'text/'))) = 0
    GROUP BY ALL
),
counted AS (
    SELECT resource_type, p.path, ended, sum(n) AS n
    FROM (SELECT r.resource_type, s.shape, r.ended, count(*) AS n FROM record r JOIN fhir_shape s USING (resource) GROUP BY ALL)
    JOIN fhir_shape_path p USING (shape)
    WHERE p.path <> ''
    GROUP BY ALL
)
SELECT resource_type, '' AS path, ended, count(*) AS n FROM record GROUP BY ALL
UNION ALL
SELECT resource_type, path, ended, c.n - coalesce(h.n, 0) - coalesce(u.n, 0) FROM counted c
LEFT JOIN hidden h USING (resource_type, path, ended)
LEFT JOIN unread u USING (resource_type, path, ended)
UNION ALL
SELECT resource_type, path, 'excluded', sum(n) FROM unread GROUP BY ALL
UNION ALL
SELECT resource_type, path, 'quarantined', sum(h.n) FROM hidden h SEMI JOIN counted USING (resource_type, path) GROUP BY ALL
