-- The file of a vault (SQLite). `value` is sealed; of the rest nothing tells who a person is.
CREATE TABLE meta (name TEXT PRIMARY KEY, value);
CREATE TABLE delivery (delivery TEXT PRIMARY KEY, submission INTEGER NOT NULL, project TEXT NOT NULL, kept_at TEXT NOT NULL);
CREATE TABLE sealed (delivery TEXT NOT NULL, pseudonym TEXT NOT NULL, value BLOB NOT NULL);
CREATE INDEX sealed_pseudonym ON sealed (pseudonym);
CREATE INDEX sealed_delivery ON sealed (delivery);
