-- Code systems that nobody knows here, once for each file and element.
INSERT INTO fhir_found
SELECT 'fhir_unknown_system', file_id, NULL, path || '.system', system, NULL,
       (SELECT list(system ORDER BY system) FROM fhir_code_system WHERE system NOT LIKE '%*')
FROM (SELECT DISTINCT file_id, path, system FROM fhir_code) c
WHERE NOT EXISTS (FROM fhir_code_system k WHERE k.system = c.system)
  AND NOT EXISTS (FROM fhir_code_system k WHERE k.system LIKE '%*' AND starts_with(c.system, rtrim(k.system, '*')))
