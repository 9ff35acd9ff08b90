-- The key that files are published with: a fingerprint of it, so that another one is noticed. The key lies in a file of its own.
CREATE TABLE IF NOT EXISTS harmonize.publish_key (fingerprint VARCHAR NOT NULL)
