-- The cells of the texts with a hit, and their findings.
INSERT INTO fhir_cell
SELECT p.resource, p.path, fhir_element(r.resource_type || p.path[2:]), p.shown
FROM fhir_text_place p JOIN fhir_resource r ON r.rowid = p.resource;

INSERT INTO fhir_found
SELECT unnest(p.rules), r.file_id, fhir_place(r.line, r.position), r.resource_type || p.path[2:], p.told, NULL, NULL
FROM fhir_text_place p JOIN fhir_resource r ON r.rowid = p.resource
