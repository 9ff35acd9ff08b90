-- Where such ids stand: as ids of resources and of what they contain, and in references to them; fhir_id_cell(resource, path,
-- id, value). One finding for each.
CREATE OR REPLACE TEMP TABLE fhir_id_cell AS
WITH told AS (
    SELECT rowid AS resource FROM fhir_resource WHERE id IN (SELECT id FROM fhir_private_id)
    UNION
    SELECT l.resource FROM fhir_link l
    JOIN fhir_private_id p ON p.id = regexp_extract(l.target, '([^/#:?=|&]+)(?:/_history/[^/]*)?$', 1)
    UNION
    SELECT c.resource FROM fhir_contained c SEMI JOIN fhir_private_id p ON p.id = c.id
)
SELECT r.rowid AS resource, j.fullkey AS path, p.id, j.atom->>'$' AS value, p.rules
FROM fhir_resource r
SEMI JOIN told ON told.resource = r.rowid, json_tree(r.json) j
JOIN fhir_private_id p ON p.id = regexp_extract(j.atom->>'$', '([^/#:?=|&]+)(?:/_history/[^/]*)?$', 1)
WHERE r.json IS NOT NULL AND j.type = 'VARCHAR' AND j.key IN ('id', 'reference');

INSERT INTO fhir_found
SELECT unnest(c.rules), r.file_id, fhir_place(r.line, r.position), r.resource_type || c.path[2:], '***', NULL, NULL
FROM fhir_id_cell c JOIN fhir_resource r ON r.rowid = c.resource
