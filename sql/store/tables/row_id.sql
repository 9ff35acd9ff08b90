-- Ids of the rows that live: an id is never given to another row.
CREATE TABLE IF NOT EXISTS harmonize.row_id (
    omop_table harmonize.omop_table NOT NULL,
    row_key UUID NOT NULL,
    omop_id BIGINT NOT NULL
)
