-- Names of the codes that were sent, from the database's vocabulary, the list of ICD-10-CM and the starter vocabulary.
CREATE OR REPLACE TEMP TABLE known_code AS
SELECT DISTINCT vocabulary_id, code, name FROM ({sources}) SEMI JOIN coded USING (vocabulary_id, code)
