-- The codes to look up: those of the rows, and those that value sets translate them to.
CREATE OR REPLACE TEMP TABLE coding_used AS
SELECT coding FROM zero_concept WHERE coding IS NOT NULL
UNION
SELECT object FROM harmonize.value_set WHERE object <> 'sssom:NoTermFound'
