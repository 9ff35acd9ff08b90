-- Other names of codes (mappings/vocabulary/aliases.tsv).
CREATE OR REPLACE TEMP TABLE code_alias AS
SELECT *, row_number() OVER (ORDER BY vocabulary_id, alias, target_code) AS alias_rank
FROM read_csv($file, delim = '\t', quote = '', escape = '', header = true, all_varchar = true)
