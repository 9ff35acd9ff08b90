-- Addresses (URIs) that may identify a person: all but those of known code systems and those that look like one's, a host with
-- words and short numbers behind it (a year is one: of a release, ICD10-2013), a URN (an OID, a UUID); the version behind a canonical
-- address (|2.1) and a LOINC code behind LOINC's are no numbers of somebody. {columns} are the numbers of the elements that hold
-- addresses.
INSERT INTO privacy_hit
SELECT column_id, 'phi_url', whole
FROM (SELECT column_id, value AS whole,
             regexp_replace(regexp_replace(value, '\|v?[0-9]{{1,3}}(?:[.][0-9]{{1,3}}){{0,3}}$', ''),
                            '^(https?://loinc[.]org/(?:[a-z]{{1,8}}/)?)[0-9]{{1,5}}-[0-9]$', '\1') AS value
      FROM fhir_text WHERE column_id IN ({columns}))
WHERE fhir_plain_system(value) NOT IN (SELECT fhir_plain_system(system) FROM fhir_code_system)
  AND (NOT regexp_full_match(value, '(?:https?|ftp)://[A-Za-z][A-Za-z0-9.-]{{0,80}}(?::[0-9]{{1,5}})?(?:[/#][A-Za-z0-9._~-]*)*|urn:[a-z0-9-]+:[A-Za-z0-9:._-]+|[A-Za-z0-9_-]{{1,40}}')
       OR NOT starts_with(value, 'urn:')
          AND regexp_matches(regexp_replace(value, '([A-Za-z_][/-]?|[A-Z]{{2,}}[0-9]{{1,2}}-)(?:19|20)[0-9]{{2}}($|[A-Za-z_]|[/.-][A-Za-z_])', '\1\2', 'g'),
                             '[0-9]{{4}}|[0-9]+[-.][0-9]+[-.][0-9]'))
