-- What the hub's links mean in OMOP: fact_pair, pairs of rows of one person, and the panels whose members have rows while
--   they have none. Ends are the rows that name a record as their primary source. A part that a link names (target_part,
--   such as the body site of a result) is an end of that link only.
-- when: aimed_link
CREATE OR REPLACE TEMP TABLE fact_pair AS
WITH part AS (
    SELECT DISTINCT target_record AS record_id, target_part AS part FROM aimed_link WHERE target_part IS NOT NULL
),
row_of AS (
    SELECT s.record_id, m.part, f.*, p.part IS NOT NULL AS is_part
    FROM fact f
    JOIN harmonize.row_source s USING (omop_table, omop_id)
    JOIN harmonize.mapping m USING (mapping_id)
    LEFT JOIN part p ON p.record_id = s.record_id AND p.part = m.part
    WHERE s.role = 'primary'
)
SELECT DISTINCT l.relation, l.record_id, l.mapping_id, a.omop_table AS table_1, a.domain_concept_id AS domain_1, a.omop_id AS id_1,
       b.omop_table AS table_2, b.domain_concept_id AS domain_2, b.omop_id AS id_2
FROM aimed_link l
JOIN row_of b ON b.record_id = l.target_record AND b.person_id = l.person_id
             AND (b.part = l.target_part OR l.target_part IS NULL AND NOT b.is_part)
LEFT JOIN row_of a ON a.record_id = l.record_id AND a.person_id = l.person_id AND NOT a.is_part
WHERE a.omop_id IS NULL AND l.relation = 'has_member'
   OR a.omop_id IS NOT NULL AND (a.omop_table, a.omop_id) <> (b.omop_table, b.omop_id)
