-- Where the texts with a hit stand, and their findings.
CREATE OR REPLACE TEMP TABLE fhir_text_place AS
SELECT r.rowid AS resource, j.fullkey AS path, r.resource_type || j.fullkey[2:] AS shown_path, h.element, h.rules, h.told, h.shown
FROM fhir_resource r
SEMI JOIN fhir_text_resource t ON t.resource = r.rowid, json_tree(r.json) j
JOIN (SELECT DISTINCT element, atom, rules, told, shown FROM fhir_text_hit) h
  ON h.element = fhir_own_element(r.resource_type || j.fullkey[2:]) AND h.atom = j.value->>'$';

INSERT INTO fhir_cell SELECT resource, path, fhir_element(shown_path), shown FROM fhir_text_place;

INSERT INTO fhir_found
SELECT unnest(p.rules), r.file_id, fhir_place(r.line, r.position), p.shown_path, p.told, NULL, NULL
FROM fhir_text_place p JOIN fhir_resource r ON r.rowid = p.resource
