-- The deaths of the affected cases where they have none.
CREATE OR REPLACE TEMP TABLE death_row (row_key UUID, person_id BIGINT, record_id BIGINT, mapping_id USMALLINT, text VARCHAR,
                                        death_date DATE, visit_occurrence_id BIGINT, last_date DATE)
