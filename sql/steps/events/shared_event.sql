-- Events that several records tell: hub rows of one node with one row_key, from entries that name the event themselves.
--   A row with a date speaks before one without, then the entry that stands first in the mapping, then the first record;
--   the records of the others support it.
-- when: shared
CREATE OR REPLACE TEMP TABLE shared_event AS
SELECT h.node, h.row_key, h.record_id, h.mapping_id,
       row_number() OVER (PARTITION BY h.node, h.row_key ORDER BY h.start_date IS NULL, h.mapping_id, h.record_id) AS rank,
       h.start_date IS NULL AND h.person_id IS NOT NULL AND h.start_imputation IS DISTINCT FROM 'last_visit' AS is_undated
FROM hub_event h
SEMI JOIN (FROM harmonize.mapping WHERE is_shared) USING (mapping_id)
