-- Deliveries as they were checked, so that the same files need not be read again where nothing that a check depends on has changed.
CREATE TABLE IF NOT EXISTS harmonize.checked_delivery (
    submission_id INTEGER NOT NULL,
    digest VARCHAR NOT NULL,            -- of the files, what was asked, rules, vocabulary and records (docs/loading.md)
    first_record_id BIGINT NOT NULL,    -- number of the first record that the load could give out
    rules USMALLINT[] NOT NULL,         -- which rules the checks found broken, beside mapping and derivation
    findings BIGINT[] NOT NULL          -- how often each
)
