-- Ids of the rows that lived, which stay with their keys.
CREATE TABLE IF NOT EXISTS harmonize.row_id_retired (
    omop_table harmonize.omop_table NOT NULL,
    row_key UUID NOT NULL,
    omop_id BIGINT NOT NULL
)
