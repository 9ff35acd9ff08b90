-- Hashes by the key of the store, which nobody can find by trying who lacks it.

-- What stands for a value that may not be kept, such as a part of a record's key: the same for the same value in the same project.
CREATE OR REPLACE TEMP MACRO masked_key(project, value) AS
    'x-' || left(sha256(concat((SELECT any_value(key) FROM harmonize.store_key), chr(31), project, chr(31), trim(value))), 24);

-- What stands for a word of a name, a number or an address of somebody.
CREATE OR REPLACE TEMP MACRO identity_hash(kind, token) AS
    left(sha256(concat((SELECT any_value(key) FROM harmonize.store_key), chr(31), kind, chr(31), token)), 32)::UUID;

-- The tokens of a text by kind, each with what is written of it: words with four letters, numbers of six digits (of a telephone
-- number the last ten), house numbers with the first word of their street.
CREATE OR REPLACE TEMP MACRO identity_words(t) AS regexp_extract_all(t, '\p{L}[\p{L}\p{N}_''’]{3,}');
CREATE OR REPLACE TEMP MACRO identity_numbers(t) AS regexp_extract_all(t, '[0-9](?:[ ().-]{0,2}[0-9]){5,18}');
CREATE OR REPLACE TEMP MACRO identity_addresses(t) AS regexp_extract_all(t, '\b[0-9]{1,6}[A-Za-z]? +(?:[NSEWnsew]\.? +)?\p{L}{3,}');
CREATE OR REPLACE TEMP MACRO identity_token(kind, said) AS
    CASE kind WHEN 'name' THEN regexp_extract(lower(strip_accents(said)), '[a-z]{4,}')
              WHEN 'number' THEN right(regexp_replace(said, '[^0-9]', '', 'g'), 10)
              ELSE regexp_replace(lower(strip_accents(said)), ' +', ' ', 'g') END
