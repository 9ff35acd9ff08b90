-- What patients, those around them and those who treat them are called in a FHIR delivery: names, telephone numbers and
-- addresses, and of a patient's identifiers those that are a number of the person and no pseudonym
-- (http://terminology.hl7.org/CodeSystem/v2-0203).
INSERT INTO identity_said
WITH person AS (
    SELECT resource_type,
           from_json(json, '{"name": [{"family": "VARCHAR", "given": ["VARCHAR"], "text": "VARCHAR"}],
                             "telecom": [{"value": "VARCHAR"}], "address": [{"line": ["VARCHAR"], "text": "VARCHAR"}],
                             "contact": [{"name": {"family": "VARCHAR", "given": ["VARCHAR"], "text": "VARCHAR"},
                                          "telecom": [{"value": "VARCHAR"}],
                                          "address": {"line": ["VARCHAR"], "text": "VARCHAR"}}],
                             "identifier": [{"type": {"coding": [{"code": "VARCHAR"}]}, "system": "VARCHAR", "value": "VARCHAR"}],
                             "extension": [{"url": "VARCHAR", "valueString": "VARCHAR"}]}') AS r
    FROM fhir_resource
    WHERE problem IS NULL AND resource_type IN ('Patient', 'RelatedPerson', 'Person', 'Practitioner')
)
SELECT DISTINCT kind, said
FROM (
    SELECT 'name' AS kind, unnest(list_concat(
               flatten([list_concat([n.family, n.text], n.given) for n in r.name]),
               flatten([list_concat([c.name.family, c.name.text], c.name.given) for c in r.contact]),
               [e.valueString for e in r.extension if ends_with(e.url, 'mothersMaidenName')]
           )) AS said
    FROM person
    UNION ALL
    SELECT 'whole', unnest(list_concat(
               [concat_ws(' ', array_to_string(n.given, ' '), n.family) FOR n IN r.name], [n.text FOR n IN r.name],
               [concat_ws(' ', array_to_string(c.name.given, ' '), c.name.family) FOR c IN r.contact], [c.name.text FOR c IN r.contact],
               [e.valueString FOR e IN r.extension IF ends_with(e.url, 'mothersMaidenName')]
           ))
    FROM person
    UNION ALL
    SELECT 'address', unnest(list_concat(
               flatten([list_concat([a.text], a.line) for a in r.address]),
               flatten([list_concat([c.address.text], c.address.line) for c in r.contact])
           ))
    FROM person
    UNION ALL
    SELECT 'number', unnest(list_concat(
               [t.value for t in r.telecom], flatten([[t.value for t in c.telecom] for c in r.contact]),
               [i.value for i in r.identifier
                if list_has_any([c.code for c in i.type.coding], ['MR', 'MRT', 'SS', 'SB', 'DL', 'PPN', 'MA', 'MB', 'MC', 'NI', 'PN', 'HC', 'SNO', 'AN'])
                   OR i.system = 'http://hl7.org/fhir/sid/us-ssn']
           ))
    FROM person
    UNION ALL
    SELECT 'number', json_extract_string(json, '$.serialNumber')
    FROM fhir_resource WHERE problem IS NULL AND resource_type = 'Device'
    UNION ALL
    SELECT unnest(['name', 'name', 'name', 'whole', 'whole', 'whole', 'number']),
           unnest([c.policyHolder.display, c.subscriber.display, c.beneficiary.display,
                   c.policyHolder.display, c.subscriber.display, c.beneficiary.display, c.subscriberId])
    FROM (SELECT from_json(json, '{"policyHolder": {"display": "VARCHAR"}, "subscriber": {"display": "VARCHAR"},
                                   "beneficiary": {"display": "VARCHAR"}, "subscriberId": "VARCHAR"}') AS c
          FROM fhir_resource WHERE problem IS NULL AND resource_type = 'Coverage')
)
WHERE said IS NOT NULL
