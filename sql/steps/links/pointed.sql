-- Which row an event points at by *_event_id: a member of a panel at the panel, a reaction at its allergy. Of several the first.
-- when: aimed_link
CREATE OR REPLACE TEMP TABLE pointed AS
WITH pointing AS (
    SELECT table_2 AS omop_table, id_2 AS omop_id, table_1 AS event_table, id_1 AS event_id
    FROM fact_pair WHERE relation = 'has_member' AND id_1 IS NOT NULL
    UNION ALL
    SELECT table_2, id_2, table_1, id_1
    FROM fact_pair WHERE relation = 'has_reaction' AND id_1 IS NOT NULL
)
SELECT omop_table, omop_id, min(event_id) AS event_id, arg_min(event_table::VARCHAR, event_id) AS event_table
FROM pointing
GROUP BY omop_table, omop_id
