-- The published id of everything that has one; {permuted} gives omop_table, id and published (harmonize/export/permutation.py).
CREATE OR REPLACE TEMP TABLE publish_id AS
SELECT omop_table, id, published FROM ({permuted})
