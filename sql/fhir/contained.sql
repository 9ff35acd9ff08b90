-- Contained Medications, each with its index in `contained` and the key that references to it get: its parent's type and key, and
-- its own id. {among}: the resources that may have one.
CREATE OR REPLACE TEMP TABLE fhir_contained AS
SELECT resource, one[2] AS "index", parent || '#' || (one[1]->>'$.id') AS record_key, one[1]->>'$.resourceType' AS resource_type,
       one[1]->>'$.id' AS id, one[1] AS json
FROM (SELECT resource, parent, unnest(list_zip(contained, range(len(contained)))) AS one
      FROM (SELECT rowid AS resource, resource_type || '.' || fhir_own_id(id, full_url) AS parent,
                   from_json(json, '{{"contained": ["JSON"]}}').contained AS contained
            FROM fhir_resource WHERE problem IS NULL AND {among}))
WHERE one[1]->>'$.resourceType' = 'Medication' AND (one[1]->>'$.id') IS NOT NULL
