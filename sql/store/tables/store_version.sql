-- What this file is: the version of its tables, and whether it is a store or was published from one.
CREATE TABLE IF NOT EXISTS harmonize.store_version (
    version INTEGER NOT NULL,
    kind VARCHAR NOT NULL,                  -- store, published
    views VARCHAR                           -- digest of the statements that made the views; NULL: unknown
)
