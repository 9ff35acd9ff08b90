-- A row that stands for one of several standard concepts of an event has a key made of the event's and the concept's code.
INSERT INTO rekey_row
SELECT k.record_id, k.mapping_id, i.row_key, md5(k.new::VARCHAR || '|' || c.vocabulary_id || ':' || c.concept_code)::UUID
FROM rekey_row k
JOIN harmonize.row_source s ON s.record_id = k.record_id AND s.mapping_id = k.mapping_id AND s.omop_table = '{table}'
JOIN harmonize.row_id i ON i.omop_table = s.omop_table AND i.omop_id = s.omop_id
JOIN omop.{table} e ON e.{table}_id = s.omop_id
JOIN omop.concept c ON c.concept_id = e.{concept}
WHERE i.row_key = md5(k.old::VARCHAR || '|' || c.vocabulary_id || ':' || c.concept_code)::UUID
