-- LOINC codes by study description that were imported for this store; they go before the parser.
CREATE TABLE IF NOT EXISTS harmonize.study_table (
    family VARCHAR NOT NULL,                -- modalities that LOINC does not tell apart; empty if none is stated
    description VARCHAR NOT NULL,           -- in capitals with single spaces; empty if blank
    loinc_code VARCHAR NOT NULL,
    long_common_name VARCHAR NOT NULL
)
