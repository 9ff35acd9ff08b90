-- The texts with a hit as they are read: by what rules, and what is loaded in their place; base64 ($encoded) as base64 of
-- UTF-8 with its mark, whatever charset is told. Of a
-- document ($documents) one finding says what it holds, by the $kinds of the $rules.
CREATE OR REPLACE TEMP TABLE fhir_text_hit AS
SELECT p.read, p.raw, p.element, p.below, CASE WHEN p.element <> p.read THEN p.value ELSE p.raw END AS atom,
       CASE WHEN list_contains($documents::VARCHAR[], p.element) THEN ['phi_note'] ELSE h.rules END AS rules,
       CASE WHEN list_contains($documents::VARCHAR[], p.element)
            THEN array_to_string(list_transform(h.rules, lambda rule: $kinds[list_position($rules::VARCHAR[], rule)]), ', ')
            ELSE '***' END AS told,
       CASE WHEN list_contains($encoded::VARCHAR[], p.element) THEN to_base64(encode(chr(65279) || m.shown)) ELSE m.shown END AS shown
FROM fhir_text_part p
JOIN fhir_text_element e USING (element)
JOIN (SELECT column_id, value, list(DISTINCT rule ORDER BY rule) AS rules FROM privacy_hit GROUP BY ALL) h
  ON h.column_id = e.column_id AND h.value = p.value
JOIN privacy_mask m ON m.column_id = e.column_id AND m.value = p.value
