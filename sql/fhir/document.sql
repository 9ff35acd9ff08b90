-- JSON documents, each parsed once: a Bundle as its wrapper and its entries, any other resource as it is. {documents} gives
-- file_id, line, first_position, part (entries of a large Bundle, whose wrapper is written apart) and content; {shape} is what is
-- parsed, {wrapper} a struct of the elements beside the entries.
CREATE OR REPLACE TEMP TABLE fhir_document AS
WITH parsed AS (
    SELECT *, TRY(from_json(CASE WHEN keeps_numbers THEN fhir_numbers_kept(content) ELSE content END, '{shape}')) AS d,
           TRY(json_keys(content)) AS elements
    -- a text that holds the sign, which is of no script, is read as it is
    FROM (SELECT *,
                 fhir_staging.fhir_inexact(content) AND NOT contains(content, chr(57344)) AND NOT contains(lower(content), '\ue000')
                     AS keeps_numbers
          FROM ({documents}))
), told AS (
    SELECT *, coalesce(part OR d.resourceType->>'$' = 'Bundle', false) AS is_bundle,
           json_merge_patch('{{}}', to_json({wrapper})) AS wrapper
    FROM parsed
)
-- The elements of a Bundle that FHIR knows make its wrapper; one that has others, or a null, is kept to be cut (dear).
SELECT file_id, line, first_position, part, keeps_numbers, is_bundle, d.resourceType->>'$' AS resource_type,
       CASE WHEN keeps_numbers THEN json_extract_string(fhir_numbers_back(d.id::VARCHAR), '$') ELSE d.id->>'$' END AS id,
       CASE WHEN keeps_numbers THEN fhir_numbers_back(wrapper::VARCHAR) ELSE wrapper::VARCHAR END AS wrapper, d.entry AS entries,
       CASE WHEN NOT is_bundle OR NOT part AND len(elements) <> len(json_keys(wrapper)) + (d.entry IS NOT NULL)::INTEGER
            THEN content END AS content
FROM told;

INSERT INTO fhir_staging.resource
SELECT file_id, NULL, NULL, resource_type, id, NULL, NULL, content,
       CASE WHEN resource_type IS NULL THEN if(json_valid(content), 'no_resource_type', 'broken_json') END
FROM fhir_document WHERE NOT is_bundle;

INSERT INTO fhir_staging.resource
SELECT file_id, line, 0, 'Bundle', id, NULL, NULL,
       CASE WHEN content IS NULL THEN wrapper ELSE json_merge_patch(content, '{{"entry": null}}') END,
       CASE WHEN entries IS NULL AND json_type(content, '$.entry') IS NOT NULL THEN 'broken_entries' END
FROM fhir_document WHERE is_bundle AND NOT part;

-- What is DELETEd has no resource: its type and id stand in the request's url.
INSERT INTO fhir_staging.resource
SELECT file_id, line, position, coalesce(x[1], nullif(gone.type, '')), coalesce(x[2], nullif(gone.id, '')), full_url, method, resource,
       CASE WHEN resource IS NOT NULL AND x[1] IS NULL THEN 'no_resource_type' END
FROM (SELECT file_id, line, position, entry.fullUrl AS full_url, entry.request.method AS method,
             CASE WHEN keeps_numbers THEN fhir_numbers_back(entry.resource::VARCHAR) ELSE entry.resource::VARCHAR END AS resource,
             json_extract_string(resource, ['$.resourceType', '$.id']) AS x,
             CASE WHEN entry.request.method = 'DELETE' AND entry.resource IS NULL
                  THEN regexp_extract(entry.request.url, '([A-Za-z]+)/([A-Za-z0-9.-]+)(/_history/[^/]+)?$',
                                      ['type', 'id']) END AS gone
      FROM (SELECT file_id, line, keeps_numbers, first_position + generate_subscripts(entries, 1)::INTEGER - 1 AS position,
                   unnest(entries) AS entry
            FROM fhir_document WHERE is_bundle));

INSERT INTO fhir_deleted
SELECT file_id, line, position, entry.response.lastModified, nullif(regexp_extract(entry.response.etag, '[0-9]+'), '')
FROM (SELECT file_id, line, first_position + generate_subscripts(entries, 1)::INTEGER - 1 AS position, unnest(entries) AS entry
      FROM fhir_document
      WHERE is_bundle AND len(list_filter(entries, lambda e: e.request.method = 'DELETE')) > 0)
WHERE entry.request.method = 'DELETE' AND entry.response IS NOT NULL;

DROP TABLE fhir_document
