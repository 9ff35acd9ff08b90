-- The texts of a delivery that may identify a person, each once a column: `told` is what a finding may say of it, `shown` what
-- is loaded in its place (NULL: nothing). `refused` says that the cell is quarantined. Never kept in a store.
CREATE OR REPLACE {kind}TABLE private_text (
    file_id INTEGER, column_id INTEGER, value VARCHAR, rules VARCHAR[], told VARCHAR, shown VARCHAR, refused BOOLEAN
)
