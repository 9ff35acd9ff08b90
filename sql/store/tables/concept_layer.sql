-- Which layer each row of omop.concept comes from: download, starter or custom.
CREATE TABLE IF NOT EXISTS harmonize.concept_layer (
    concept_id INTEGER NOT NULL,
    layer VARCHAR NOT NULL CHECK (layer IN ('download', 'starter', 'custom'))
)
