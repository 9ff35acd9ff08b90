-- The tables of which a change has taken rows out.
CREATE OR REPLACE TEMP TABLE taken_out (omop_table VARCHAR)
