-- The random key of this store, with which what may not be kept is hashed: without it nobody can find a short value by trying
-- all. It never leaves the store: no published file, export or report holds it.
CREATE TABLE IF NOT EXISTS harmonize.store_key (
    key VARCHAR NOT NULL                    -- 64 hex digits
)
