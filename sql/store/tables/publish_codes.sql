-- The crosswalk of random codes that files are published with: its mark, so that another one is noticed. It lies in a file of its own.
CREATE TABLE IF NOT EXISTS harmonize.publish_codes (mark VARCHAR NOT NULL)
