-- Where the resources stand of which a finding tells that only the mapping gives, and how they are called.
INSERT INTO finding_record
SELECT file_id, fhir_place(line, position) AS place, line, position,
       concat_ws('/', fhir_shown_type(resource_type), fhir_shown_id(id))
FROM fhir_resource
WHERE (file_id, fhir_place(line, position)) IN (SELECT (file_id, line) FROM harmonize.finding WHERE line IS NOT NULL)
  AND (file_id, fhir_place(line, position)) NOT IN (SELECT (file_id, place) FROM finding_record)
