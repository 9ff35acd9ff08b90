-- The identifiers of the resources that were loaded, of the types that others refer to.
CREATE OR REPLACE TEMP TABLE fhir_new_identifier AS
SELECT DISTINCT record_id, coalesce(identifier.system, '') AS system, identifier.value AS value
FROM (SELECT l.record_id, unnest(from_json(r.json, '{"identifier": [{"system": "VARCHAR", "value": "VARCHAR"}]}').identifier) AS identifier
      FROM fhir_staging.resource r
      JOIN harmonize.record l ON l.record_id = $base + r.rowid
      WHERE l.is_current AND l.state IN ('loaded', 'context') AND contains(r.json, '"identifier"')
        AND r.resource_type IN ('Patient', 'Encounter', 'Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Device',
                                'Medication', 'Specimen', 'DocumentReference'))
WHERE identifier.value IS NOT NULL
