-- Words that are codes of a list of FHIR, or mean one, and no names.
CREATE OR REPLACE TEMP TABLE fhir_word AS SELECT unnest($words::VARCHAR[]) AS word
