-- Numbers of the reasons of the ledger.
CREATE TABLE IF NOT EXISTS harmonize.reason (reason_id USMALLINT NOT NULL, reason VARCHAR NOT NULL)
