-- It stands in every resource and reference in the place of the id.
INSERT INTO fhir_cell
SELECT c.resource, c.path, fhir_element(r.resource_type || c.path[2:]), replace(c.value, m.id, m.shown)
FROM fhir_id_cell c
JOIN fhir_masked_id m USING (id)
JOIN fhir_resource r ON r.rowid = c.resource
