-- What of fhir_malformed is told as such, and what of it is not loaded. Whatever else has an error and is there to be loaded is not
-- loaded: the element that the finding names, with all that is in it; of one that is given in several forms all of these. {rules}
-- are the rules whose cell this is. Broken base64 ({encoded}) stays: it becomes no text, and its record is quarantined for that.
UPDATE fhir_found SET rule = 'fhir_legible' WHERE rowid IN (SELECT found FROM fhir_malformed WHERE is_legible);

INSERT INTO fhir_cell
SELECT DISTINCT resource, path, element, CASE WHEN is_status THEN '***' END
FROM fhir_malformed
WHERE NOT is_legible AND NOT (is_status AND is_misspelt);

CREATE OR REPLACE TEMP TABLE fhir_refused AS
SELECT DISTINCT resource, path, element
FROM (SELECT r.rowid AS resource, '$' || substr(f.path, length(r.resource_type) + 1) AS path, fhir_element(f.path) AS element, r.json,
             f.is_unknown
      FROM (SELECT file_id, place, path, rule = 'fhir_unknown_element' AS is_unknown FROM fhir_found WHERE rule IN ({rules})
            UNION ALL
            SELECT file_id, place, regexp_replace(path, '[^.]+$', '') || unnest(string_split(value, ', ')), false
            FROM fhir_found WHERE rule = 'fhir_choice') f
      JOIN fhir_resource r ON r.file_id = f.file_id AND fhir_place(r.line, r.position) = f.place
      WHERE r.json IS NOT NULL AND f.path LIKE '%.%' AND NOT list_contains([{encoded}]::VARCHAR[], fhir_element(f.path)))
WHERE (is_unknown OR json_extract(json, path) IS NOT NULL)  -- DuckDB has no path to an element whose name is empty
  AND (resource, path) NOT IN (SELECT (resource, path) FROM fhir_malformed);

-- what privacy would only mask of it goes, too
DELETE FROM fhir_cell WHERE (resource, path) IN (SELECT (resource, path) FROM fhir_refused);
-- In the place of a MIME type that is none stands ***: without one an attachment would be taken for text.
INSERT INTO fhir_cell
SELECT resource, path, element, CASE WHEN ends_with(element, '.contentType') THEN '***' END FROM fhir_refused
