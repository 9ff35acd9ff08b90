-- One parse of every resource of a part for codes, dates and references. An element of another shape is NULL; the screen tells of it.
CREATE OR REPLACE TEMP TABLE fhir_content AS
SELECT rowid AS resource, fhir_scope(file_id, line, position, full_url) AS scope, file_id, fhir_place(line, position) AS place,
       resource_type,
       from_json(json, '{shape}') AS r
FROM fhir_resource WHERE problem IS NULL AND json IS NOT NULL AND list_contains($types, resource_type)
  AND rowid BETWEEN $first AND $last
