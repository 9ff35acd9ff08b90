-- The type concept of what a source sends (mappings/vocabulary/source_types.tsv).
-- on demand
-- params: vocabulary
CREATE OR REPLACE TEMP TABLE source_type_code AS
SELECT source, type_concept
FROM read_csv(
    $vocabulary || '/source_types.tsv', delim = '\t', quote = '', escape = '',
    header = true, all_varchar = true, nullstr = '', parallel = false)
