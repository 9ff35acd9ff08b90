-- Why the mapping leaves out a resource type (excluded_types.tsv).
CREATE OR REPLACE TEMP TABLE fhir_type_reason AS
SELECT resource_type, reason
FROM read_csv($file, delim = '\t', quote = '', escape = '', header = true, all_varchar = true)
