-- References that find nothing. Where the delivery holds no resource at all of the kind that is meant, one finding a file
-- says so; else each reference is told with its path.
CREATE OR REPLACE TEMP TABLE fhir_lost AS
SELECT f.resource, r.file_id, f.target, f.kind,
       CASE WHEN f.kind = 'urn' THEN 'resources by urn:uuid'
            ELSE coalesce((SELECT any_value(resource_type) FROM fhir_known_type
                           WHERE resource_type = regexp_extract(f.target, '([A-Z][A-Za-z]+)[/?]', 1)),
                          'what is named otherwise') END AS meant
FROM fhir_reference f JOIN fhir_resource r ON r.rowid = f.resource
WHERE f.target_resource IS NULL AND f.known_key IS NULL;

CREATE OR REPLACE TEMP TABLE fhir_absent AS
SELECT DISTINCT meant FROM fhir_lost WHERE kind <> 'contained'
EXCEPT
SELECT DISTINCT resource_type FROM fhir_resource WHERE json IS NOT NULL
EXCEPT
SELECT DISTINCT 'resources by urn:uuid' FROM fhir_reference WHERE kind = 'urn' AND target_resource IS NOT NULL;

INSERT INTO fhir_found
SELECT 'fhir_missing_targets', file_id, NULL, NULL, format('{:,} references to {}', count(*), meant), NULL, NULL
FROM fhir_lost WHERE kind <> 'contained' AND meant IN (FROM fhir_absent)
GROUP BY file_id, meant ORDER BY file_id, meant;

INSERT INTO fhir_found
WITH lost AS (
    SELECT DISTINCT resource FROM fhir_lost WHERE kind = 'contained' OR meant NOT IN (FROM fhir_absent)
), place AS (
    SELECT r.rowid AS resource, r.file_id, fhir_place(r.line, r.position) AS place, r.resource_type, t.fullkey,
           json_extract_string(t.value, '$') AS target
    FROM fhir_resource r JOIN lost ON lost.resource = r.rowid, json_tree(r.json) t
    WHERE t.key = 'reference' AND t.type = 'VARCHAR'
)
SELECT CASE WHEN l.kind = 'contained' THEN 'fhir_unresolved_contained' ELSE 'fhir_unresolved_reference' END,
       p.file_id, p.place, p.resource_type || p.fullkey[2:],
       l.target, NULL, NULL
FROM place p JOIN fhir_lost l USING (resource, target)
WHERE l.kind = 'contained' OR l.meant NOT IN (FROM fhir_absent)
