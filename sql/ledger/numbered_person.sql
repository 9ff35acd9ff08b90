-- Rows whose id is that of their person.
CREATE OR REPLACE TEMP VIEW numbered AS SELECT person_id AS omop_id, * FROM unnumbered
