-- Ids of the rows that are sent so far, by table: what a reference of a later table may name.
CREATE OR REPLACE TEMP TABLE form_key (table_name VARCHAR, id BIGINT)
