-- What is judged: each text once an element. Of what is read whole every text below it, of base64 ($encoded) what it may
-- stand for. `read` and `raw` are the element that is read and its value, `below` is the path from it to the text.
CREATE OR REPLACE TEMP TABLE fhir_text_part AS
WITH told AS (SELECT DISTINCT element, value, whole FROM fhir_raw)
SELECT element AS read, value AS raw, element, '' AS below,
       CASE WHEN list_contains($encoded::VARCHAR[], element) THEN base64_any_text(value) ELSE value END AS value
FROM told WHERE NOT whole
UNION ALL
SELECT t.element, t.value, t.element || fhir_element(j.fullkey[2:]), j.fullkey[2:], j.atom->>'$'
FROM told t, json_tree(t.value) j
WHERE t.whole AND j.type = 'VARCHAR'
  -- answers that are dates and times are no words (those to questions for a birthday: private_item.sql)
  AND NOT (j.key IN ('valueDate', 'valueDateTime', 'valueTime') AND regexp_full_match(j.atom->>'$', '[0-9:TZ.+-]+'))
