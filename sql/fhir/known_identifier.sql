-- Of the identifiers that the delivery's references name, the resources that the store ({store}) has by them.
INSERT INTO fhir_known_identifier
SELECT type, system, value, CASE WHEN min(key) = max(key) THEN min(key) ELSE '' END
FROM (
    SELECT regexp_extract(t.name, '^fhir\.(.*)$', 1) AS type, a.system, a.value, type || '/' || r.record_key AS key
    FROM fhir_asked_identifier a
    JOIN {store}harmonize.resource_identifier i ON i.identifier_hash = identity_hash('identifier', a.system || '|' || a.value)
    JOIN {store}harmonize.record r ON r.record_id = i.record_id AND r.is_current
    JOIN {store}harmonize.submission s ON s.submission_id = r.submission_id AND ($project IS NULL OR s.project_id = $project)
    JOIN {store}harmonize.record_type t ON t.record_type = r.record_type
    -- what the delivery says of a resource counts
    WHERE (regexp_extract(t.name, '^fhir\.(.*)$', 1), r.record_key) NOT IN (
        SELECT (resource_type, fhir_own_id(id, full_url)) FROM fhir_resource
        WHERE resource_type IS NOT NULL AND fhir_own_id(id, full_url) IS NOT NULL)
)
GROUP BY ALL
