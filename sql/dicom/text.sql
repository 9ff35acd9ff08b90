-- The texts of some attributes of the headers that were read, each once; what files have alike is listed once. {struct} parses
-- these attributes alone, {texts} is the list of (number of the attribute, text); what matches {unless} is none.
INSERT INTO dicom_text
SELECT DISTINCT t.column_id, t.value
FROM (SELECT unnest({texts}) AS t
      FROM (SELECT from_json(header, {struct}) AS a FROM dicom_new WHERE header IS NOT NULL GROUP BY a))
WHERE t.value IS NOT NULL AND NOT regexp_full_match(t.value, {unless})
