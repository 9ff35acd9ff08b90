-- The Bundles of fhir_bundle: the wrapper without its entries, ...
INSERT INTO fhir_staging.resource
SELECT file_id, line, 0, 'Bundle', json_extract_string(wrapper, '$.id'), NULL, NULL, wrapper,
       CASE WHEN kind IN ('ARRAY', '') THEN NULL ELSE 'broken_entries' END
FROM (SELECT file_id, line, json_merge_patch(content, '{{"entry": null}}') AS wrapper,
             coalesce(json_type(content, '$.entry'), '') AS kind
      FROM fhir_bundle WHERE NOT part);

-- ... and its entries. What is DELETEd has no resource: its type and id stand in the request's url.
INSERT INTO fhir_staging.resource
SELECT file_id, line, position, coalesce(x[1], nullif(gone.type, '')), coalesce(x[2], nullif(gone.id, '')), full_url, method, resource,
       CASE WHEN resource IS NOT NULL AND x[1] IS NULL THEN 'no_resource_type' END
FROM (SELECT file_id, line, position, entry.fullUrl AS full_url, entry.request.method AS method,
             entry.resource AS resource, json_extract_string(entry.resource, ['$.resourceType', '$.id']) AS x,
             CASE WHEN entry.request.method = 'DELETE' AND entry.resource IS NULL
                  THEN regexp_extract(entry.request.url, '([A-Za-z]+)/([A-Za-z0-9.-]+)(/_history/[^/]+)?$',
                                      ['type', 'id']) END AS gone
      FROM (SELECT file_id, line, first_position + generate_subscripts(entries, 1)::INTEGER - 1 AS position,
                   unnest(entries) AS entry
            FROM (SELECT file_id, line, first_position, from_json(content, '{shape}').entry AS entries
                  FROM fhir_bundle)));

DELETE FROM fhir_bundle
