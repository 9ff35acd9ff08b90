-- Which records stand behind which row of OMOP: n to m.
CREATE TABLE IF NOT EXISTS harmonize.row_source (
    omop_table harmonize.omop_table NOT NULL,
    omop_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    mapping_id USMALLINT NOT NULL,
    role harmonize.role NOT NULL
)
