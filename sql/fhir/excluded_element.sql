-- Why elements that nothing reads are left out (excluded_elements.tsv).
CREATE OR REPLACE TEMP TABLE fhir_excluded_element AS
FROM read_csv($file, delim = '\t', quote = '', escape = '', header = true, all_varchar = true)
