-- Resources about somebody that name no patient, so that nobody can be found for them.
INSERT INTO fhir_found
SELECT 'fhir_no_patient', file_id, place, NULL, NULL, NULL, NULL
FROM (SELECT file_id, place, coalesce(r.subject.reference, r.patient.reference) AS person
      FROM fhir_content WHERE resource_type NOT IN ('Patient', 'Medication')
      UNION ALL
      SELECT file_id, fhir_place(line, position), json->>'$.subject.reference'
      FROM fhir_resource
      WHERE problem IS NULL AND json IS NOT NULL AND resource_type IN ('DocumentReference', 'QuestionnaireResponse')
        AND rowid BETWEEN $first AND $last)
WHERE person IS NULL OR regexp_matches(person, '(?:^|/)(?:Group|Device|Location|Practitioner)/[^/]+(?:/_history/.*)?$')
