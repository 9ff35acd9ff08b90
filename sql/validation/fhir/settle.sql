-- From fhir_found to findings: each path is a column of its file, called by its element; values that may tell who somebody
-- is are hidden. {hidden} is a pattern over elements, {masked} and {cut} SQL of the value.
CREATE OR REPLACE TEMP TABLE fhir_column AS
SELECT file_id, path, row_number() OVER (PARTITION BY file_id ORDER BY path)::INTEGER AS column_id
FROM (SELECT DISTINCT file_id, path FROM fhir_found WHERE path IS NOT NULL);

INSERT INTO harmonize.file_column SELECT file_id, column_id, path, fhir_element(path) FROM fhir_column;

INSERT INTO harmonize.expectation
SELECT file_id, column_id, r.rule_id, any_value(expected), any_value(choices)
FROM fhir_found f JOIN harmonize.rule r USING (rule) LEFT JOIN fhir_column c USING (file_id, path)
WHERE expected IS NOT NULL OR choices IS NOT NULL
GROUP BY ALL;

INSERT INTO harmonize.finding
SELECT {submission}, r.rule_id, f.file_id, f.place, c.column_id,
       CASE WHEN f.rule NOT IN ({plain}) AND regexp_matches(f.path, '{hidden}') THEN {masked} ELSE {cut} END
FROM fhir_found f JOIN harmonize.rule r USING (rule) LEFT JOIN fhir_column c USING (file_id, path);

INSERT INTO finding_record
SELECT file_id, fhir_place(line, position) AS place, line, position, concat_ws('/', resource_type, id)
FROM fhir_resource
WHERE (file_id, fhir_place(line, position)) IN (SELECT (file_id, place) FROM fhir_found WHERE place IS NOT NULL)
