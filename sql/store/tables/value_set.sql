-- Rows of the SSSOM value sets of the mappings that are in use. `object` NULL never occurs: a subject that
-- explicitly has no concept names sssom:NoTermFound.
CREATE TABLE IF NOT EXISTS harmonize.value_set (
    mapping VARCHAR NOT NULL,
    vocabulary_id VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    predicate VARCHAR NOT NULL,
    object VARCHAR NOT NULL,
    object_label VARCHAR,
    file VARCHAR NOT NULL,
    line INTEGER NOT NULL
)
