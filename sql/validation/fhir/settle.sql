-- From fhir_found to findings: each path is a column of its file, called by its element (fhir_shown_element: as it may be
-- shown). Of values only those are shown that are known to tell nobody. {plain} are rules whose value is no value of the
-- delivery, {dates} those whose values are dates that were understood.
CREATE OR REPLACE TEMP TABLE fhir_column AS
SELECT file_id, path, e.shown, CASE WHEN e.shown = e.element THEN path ELSE e.shown END AS shown_path,
       row_number() OVER (PARTITION BY file_id ORDER BY path)::INTEGER AS column_id, e.kind, e.is_person
FROM (SELECT DISTINCT file_id, path FROM fhir_found WHERE path IS NOT NULL)
JOIN fhir_shown_element e ON e.element = fhir_element(path);

INSERT INTO harmonize.file_column SELECT file_id, column_id, shown_path, shown FROM fhir_column;

INSERT INTO harmonize.expectation
SELECT file_id, column_id, r.rule_id, any_value(expected), any_value(choices)
FROM fhir_found f JOIN harmonize.rule r USING (rule) LEFT JOIN fhir_column c USING (file_id, path)
WHERE expected IS NOT NULL OR choices IS NOT NULL
GROUP BY ALL;

INSERT INTO harmonize.finding
SELECT {submission}, r.rule_id, f.file_id, f.place, c.column_id,
       CASE WHEN f.value IS NULL OR f.rule IN ({plain}) THEN left(f.value, 200)
            WHEN f.value IN (SELECT atom FROM fhir_text_hit) THEN '***'
            WHEN f.rule = 'fhir_unknown_element' THEN regexp_extract(c.shown, '[^.]+$')
            WHEN f.rule IN ({dates}) THEN CASE WHEN c.is_person THEN '***' ELSE left(f.value, 200) END
            WHEN f.rule = 'fhir_value' THEN fhir_shown_value(f.value, c.kind, c.is_person)
            WHEN f.rule = 'fhir_binding' AND regexp_full_match(f.value, '[a-z]{2}_[A-Z]{2}') THEN f.value
            WHEN f.rule = 'fhir_code'
            THEN CASE WHEN fhir_tells_code(f.value, f.choices) OR fhir_is_word(f.value, f.choices) THEN f.value ELSE '***' END
            WHEN f.rule = 'fhir_unknown_system' THEN fhir_shown_system(f.value)
            WHEN f.rule IN ('fhir_unknown_code', 'fhir_impossible_code')
            THEN CASE WHEN f.rule = 'fhir_unknown_code' OR contains(f.value, '-') THEN fhir_shown_code(f.value, f.expected)
                      ELSE '***' END
            WHEN f.rule IN ('fhir_unresolved_reference', 'fhir_unresolved_contained', 'fhir_repeated_resource', 'fhir_link_circle',
                            'fhir_conflicting_resource') THEN fhir_shown_reference(f.value)
            WHEN f.rule = 'unknown_resource_type' THEN fhir_shown_type(f.value)
            ELSE '***' END
FROM fhir_found f JOIN harmonize.rule r USING (rule) LEFT JOIN fhir_column c USING (file_id, path);

INSERT INTO finding_record
SELECT file_id, fhir_place(line, position) AS place, line, position,
       concat_ws('/', fhir_shown_type(resource_type), fhir_shown_id(id))
FROM fhir_resource
WHERE (file_id, fhir_place(line, position)) IN (SELECT (file_id, place) FROM fhir_found WHERE place IS NOT NULL)
