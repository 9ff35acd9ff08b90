-- Resources and components whose code asks for what identifies people ({holds} of a coding c: in words, NULL for most).
INSERT INTO fhir_found
SELECT DISTINCT 'phi_code', file_id, place, resource_type || '.code', {holds}, NULL, NULL
FROM (SELECT file_id, place, resource_type, unnest(r.code.coding) AS c FROM fhir_content)
WHERE {holds} IS NOT NULL;

INSERT INTO fhir_found
SELECT DISTINCT 'phi_coded', file_id, place, resource_type || '.component[' || number || ']', {holds}, NULL, NULL
FROM (SELECT file_id, place, resource_type, number, unnest(k.code.coding) AS c
      FROM (SELECT file_id, place, resource_type, unnest(range(len(r.component))) AS number, unnest(r.component) AS k FROM fhir_content))
WHERE {holds} IS NOT NULL
