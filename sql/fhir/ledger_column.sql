-- The ledger of elements: a row a resource type, a row for each element that some resource of the type has.
INSERT INTO harmonize.ledger_column
WITH total AS (
    SELECT resource_type, sum(n) AS records FROM fhir_element_count WHERE path = '' GROUP BY ALL
),
ends AS (
    SELECT resource_type, path,
           coalesce(sum(n) FILTER (ended = 'loaded'), 0) AS loaded, coalesce(sum(n) FILTER (ended = 'context'), 0) AS context,
           coalesce(sum(n) FILTER (ended = 'excluded'), 0) AS excluded,
           coalesce(sum(n) FILTER (ended = 'quarantined'), 0) AS quarantined
    FROM fhir_element_count GROUP BY ALL
),
read AS (
    SELECT DISTINCT e.resource_type, e.path
    FROM ends e
    JOIN fhir_read r ON r.resource_type = e.resource_type
                    AND (e.path = r.path OR r.is_whole AND starts_with(e.path, r.path || '.'))
),
named AS (
    SELECT e.resource_type, e.path, min_by(x.reason, -length(x.element)) AS reason
    FROM ends e
    JOIN fhir_excluded_element x
      ON x.resource_type IN (e.resource_type, '*')
     AND ('.' || e.path || '.' LIKE '%.' || x.element || '.%' AND x.place = 'anywhere'
          OR (e.path = x.element OR starts_with(e.path, x.element || '.')) AND x.place = 'top')
    GROUP BY ALL
)
SELECT $submission, NULL, concat_ws('.', e.resource_type, nullif(e.path, '')),
       CASE WHEN e.path = '' OR r.path IS NOT NULL THEN NULL
            WHEN e.resource_type NOT IN (FROM fhir_mapped_type) THEN coalesce(t.reason, 'resource_type_not_mapped')
            ELSE coalesce(n.reason, 'unread') END,
       c.records, c.records - e.loaded - e.context - e.excluded - e.quarantined,
       CASE WHEN e.path = '' OR r.path IS NOT NULL THEN e.loaded ELSE 0 END,
       CASE WHEN e.path = '' OR r.path IS NOT NULL THEN e.context ELSE 0 END,
       e.excluded + CASE WHEN e.path = '' OR r.path IS NOT NULL THEN 0 ELSE e.loaded + e.context END,
       e.quarantined
FROM ends e
JOIN total c USING (resource_type)
LEFT JOIN read r USING (resource_type, path)
LEFT JOIN named n USING (resource_type, path)
LEFT JOIN fhir_type_reason t USING (resource_type)
ORDER BY e.resource_type, e.path
