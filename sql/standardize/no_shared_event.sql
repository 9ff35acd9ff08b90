-- The events that several records tell, where no mapping names events itself.
CREATE OR REPLACE TEMP TABLE shared_event (node VARCHAR, row_key UUID, record_id BIGINT, mapping_id INTEGER, rank BIGINT,
                                           is_undated BOOLEAN)
