-- The OMOP vocabulary of each code system (mappings/vocabulary/code_systems.tsv).
-- on demand
-- params: vocabulary
CREATE OR REPLACE TEMP TABLE code_system AS
SELECT system, vocabulary_id
FROM read_csv(
    $vocabulary || '/code_systems.tsv', delim = '\t', quote = '', escape = '',
    header = true, all_varchar = true, nullstr = '', parallel = false)
