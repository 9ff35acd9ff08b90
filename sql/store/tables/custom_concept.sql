-- The registry of custom concept ids (>= 2,000,000,000). Rows are never deleted, so that an id is never reused.
CREATE TABLE IF NOT EXISTS harmonize.custom_concept (
    vocabulary_id VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    concept_id INTEGER NOT NULL
)
