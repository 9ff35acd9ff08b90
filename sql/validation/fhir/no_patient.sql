-- Resources about somebody that name no patient, so that nobody can be found for them: neither by a reference nor by an identifier
-- that one Patient of the delivery or the store has (fhir_logical).
INSERT INTO fhir_found
WITH about AS (
    SELECT resource, file_id, place, coalesce(r.subject, r.patient) AS subject
    FROM fhir_content WHERE resource_type NOT IN ('Patient', 'Medication')
    UNION ALL
    SELECT rowid, file_id, fhir_place(line, position),
           from_json(json_extract(json, '$.subject'),
                     '{"reference": "VARCHAR", "type": "VARCHAR", "identifier": {"system": "VARCHAR", "value": "VARCHAR"}}')
    FROM fhir_resource
    WHERE problem IS NULL AND json IS NOT NULL AND resource_type IN ('DocumentReference', 'QuestionnaireResponse')
      AND rowid BETWEEN $first AND $last
)
SELECT 'fhir_no_patient', file_id, place, NULL, NULL, NULL, NULL
FROM about a
LEFT JOIN fhir_logical l
  ON l.resource = a.resource
 AND l.target = 'Patient?identifier=' || coalesce(a.subject.identifier.system, '') || '|' || a.subject.identifier.value
 AND (a.subject.type IS NULL OR a.subject.type = 'Patient' OR ends_with(a.subject.type, '/Patient'))
WHERE coalesce(a.subject.reference, l.key) IS NULL
   OR regexp_matches(a.subject.reference, '(?:^|/)(?:Group|Device|Location|Practitioner)/[^/]+(?:/_history/.*)?$')
