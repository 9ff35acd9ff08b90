-- The OMOP relationship of each relation of the hub (mappings/vocabulary/fact_relation.tsv).
-- on demand
-- params: vocabulary
CREATE OR REPLACE TEMP TABLE fact_relation AS
SELECT relation, relationship_id
FROM read_csv(
    $vocabulary || '/fact_relation.tsv', delim = '\t', quote = '', escape = '',
    header = true, all_varchar = true, nullstr = '', parallel = false)
