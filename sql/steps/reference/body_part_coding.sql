-- Region and concept of each word for a part of the body (mappings/vocabulary/body_part.tsv).
-- on demand
-- params: vocabulary
CREATE OR REPLACE TEMP TABLE body_part_coding AS
SELECT kind, text, region, concept AS coding, row_number() OVER () AS line
FROM read_csv(
    $vocabulary || '/body_part.tsv', delim = '\t', quote = '', escape = '',
    header = true, all_varchar = true, nullstr = '', parallel = false)
