-- The resources of a delivery as they are placed: is_sole are those that nothing can name, is_shared those of types that are about
-- no patient, whoever they name.
CREATE OR REPLACE TEMP TABLE cluster_resource AS
SELECT rowid AS resource, file_id, fhir_place(line, position) AS place, resource_type, fhir_own_id(id, full_url) AS own_id,
       problem IS NOT NULL OR json IS NULL OR resource_type = 'Bundle' OR NOT list_contains($known, resource_type) AS is_sole,
       list_contains($shared, resource_type) AS is_shared
FROM fhir_resource
