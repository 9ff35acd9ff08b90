-- Per file and column: records = empty + loaded + context + excluded + quarantined.
CREATE TABLE IF NOT EXISTS harmonize.ledger_column (
    submission_id INTEGER NOT NULL,
    file_id INTEGER,                        -- NULL: of all files together, as elements of FHIR resources are counted
    column_name VARCHAR NOT NULL,           -- of FHIR: Type, or Type.path of an element without indices
    reason VARCHAR,
    records BIGINT NOT NULL,
    empty BIGINT NOT NULL,
    loaded BIGINT NOT NULL,
    context BIGINT NOT NULL,
    excluded BIGINT NOT NULL,
    quarantined BIGINT NOT NULL
)
