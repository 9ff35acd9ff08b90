-- The vocabularies that were loaded, latest last. `version` is the release of the OMOP standardized vocabularies.
CREATE TABLE IF NOT EXISTS harmonize.vocabulary_load (
    layer VARCHAR NOT NULL,
    version VARCHAR,
    source VARCHAR NOT NULL,
    concepts BIGINT NOT NULL,
    loaded_at TIMESTAMP NOT NULL
)
