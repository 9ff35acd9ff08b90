-- The concept of each modality (mappings/vocabulary/modality.tsv).
-- on demand
-- params: vocabulary
CREATE OR REPLACE TEMP TABLE modality_coding AS
SELECT modality, concept AS coding
FROM read_csv(
    $vocabulary || '/modality.tsv', delim = '\t', quote = '', escape = '',
    header = true, all_varchar = true, nullstr = '', parallel = false)
