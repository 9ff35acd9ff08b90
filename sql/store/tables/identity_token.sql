-- What people are called, as it was met in the elements and columns for it: the words of names, numbers, house numbers with their
-- street. Only hashes by the key of the store, with which notes and texts are looked over; never published.
CREATE TABLE IF NOT EXISTS harmonize.identity_token (
    project_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,                  -- name, word, part, pair, number, code, address
    token_hash UUID NOT NULL
)
