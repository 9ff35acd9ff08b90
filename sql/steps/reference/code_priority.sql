-- Which vocabulary speaks first for a node (mappings/vocabulary/code_priority.tsv).
-- on demand
-- params: vocabulary
CREATE OR REPLACE TEMP TABLE code_priority AS
SELECT node, vocabulary_id, rank::INTEGER AS rank
FROM read_csv(
    $vocabulary || '/code_priority.tsv', delim = '\t', quote = '', escape = '',
    header = true, all_varchar = true, nullstr = '', parallel = false)
