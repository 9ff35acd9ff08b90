-- Why each code became concept 0, most rows first; statements (0 by rule) apart, last.
WITH translated AS (
    SELECT v.vocabulary_id, v.code, min(v.label) AS label,
           string_agg(DISTINCT v.object, ', ' ORDER BY v.object) FILTER (v.object <> 'sssom:NoTermFound') AS target,
           bool_or(v.object = 'sssom:NoTermFound') AS no_term,
           bool_or(o.source_concept_id <> 0) AS target_known
    FROM harmonize.value_set v
    LEFT JOIN coding_target o ON o.coding = v.object AND o.target_rank = 1
    GROUP BY v.vocabulary_id, v.code
)
SELECT z.omop_table AS "table", z.column_name AS "column",
       -- a code system that OMOP does not have stands for itself (coding_candidate)
       replace(t.vocabulary_id, '%3A', ':') AS vocabulary_id, coalesce(t.code, z.uncoded) AS code,
       coalesce(v.label, t.source_name, nullif(z.said, coalesce(t.code, z.uncoded))) AS name,
       v.target, z.rows,
       CASE WHEN z.is_statement THEN 'statement'
            WHEN z.coding IS NULL THEN 'no code'
            WHEN v.no_term THEN 'no term found'
            WHEN v.target IS NOT NULL AND NOT v.target_known THEN 'unknown code'
            WHEN t.vocabulary_id = 'DICOM' THEN 'no term found'  -- mappings/vocabulary/modality.tsv names none
            WHEN t.source_concept_id = 0 THEN 'unknown code'
            WHEN t.is_retired THEN 'retired concept'
            ELSE 'no standard concept' END AS why
FROM zero_concept z
LEFT JOIN coding_target t ON t.coding = z.coding AND t.target_rank = 1
LEFT JOIN translated v ON v.vocabulary_id = t.vocabulary_id AND v.code = t.code
ORDER BY z.is_statement, z.rows DESC, "table", "column", code
