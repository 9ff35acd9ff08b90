-- Hashes by the key of the store, which nobody can find by trying who lacks it.

-- What stands for a value that may not be kept, such as a part of a record's key: the same for the same value in the same project.
CREATE OR REPLACE TEMP MACRO masked_key(project, value) AS
    'x-' || left(sha256(concat((SELECT any_value(key) FROM harmonize.store_key), chr(31), project, chr(31), trim(value))), 24);

-- What stands for a word of a name, a number or an address of somebody.
CREATE OR REPLACE TEMP MACRO identity_hash(kind, token) AS
    left(sha256(concat((SELECT any_value(key) FROM harmonize.store_key), chr(31), kind, chr(31), token)), 32)::UUID;

-- The tokens of a text by kind, each with what is written of it: words with four letters, numbers of six digits (of a telephone
-- number the last ten), house numbers with the first word of their street; words with letters and digits, numbers that have letters.
CREATE OR REPLACE TEMP MACRO identity_words(t) AS regexp_extract_all(t, '\p{L}[\p{L}\p{N}_''’]{3,}');
CREATE OR REPLACE TEMP MACRO identity_numbers(t) AS list_distinct(list_concat(
    regexp_extract_all(t, '[0-9](?:[ ().-]{0,2}[0-9]){5,18}'),
    -- beside another number
    regexp_extract_all(t, '[0-9](?:[.-]?[0-9]){5,18}'), regexp_extract_all(t, '\(?[0-9]{3}\)?[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}')));
CREATE OR REPLACE TEMP MACRO identity_addresses(t) AS regexp_extract_all(t, '\b[0-9]{1,6}[A-Za-z]? +(?:[NSEWnsew]\.? +)?\p{L}{3,}');
CREATE OR REPLACE TEMP MACRO identity_mixed(t) AS
    list_filter(regexp_extract_all(t, '\p{L}[\p{L}\p{N}]{4,}'), lambda w: regexp_matches(w, '[0-9]'));
CREATE OR REPLACE TEMP MACRO identity_codes(t) AS
    list_filter(regexp_extract_all(t, '[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)*'),
                lambda w: regexp_matches(w, '[0-9](?:.*[0-9]){3}') AND regexp_matches(w, '\p{L}')
                          AND length(regexp_replace(w, '[-_.]', '', 'g')) >= 6);
-- Words of two letters and more; and where such words follow each other, at most an initial between them.
CREATE OR REPLACE TEMP MACRO identity_parts(t) AS regexp_extract_all(t, '\p{L}[\p{L}\p{N}_''’]+');
CREATE OR REPLACE TEMP MACRO identity_runs(t) AS
    regexp_extract_all(t, '\p{L}[\p{L}\p{N}_''’]+(?:(?:[.,]?\s{1,2}(?:\p{L}\.?\s{1,2})?|[,^.-])\p{L}[\p{L}\p{N}_''’]+)+');
CREATE OR REPLACE TEMP MACRO identity_token(kind, said) AS
    CASE kind WHEN 'name' THEN regexp_extract(lower(strip_accents(said)), '[a-z]{4,}')
              WHEN 'part' THEN regexp_extract(lower(strip_accents(said)), '[a-z]{2,}')
              WHEN 'word' THEN lower(strip_accents(said))
              WHEN 'code' THEN regexp_replace(lower(strip_accents(said)), '[-_.]', '', 'g')
              WHEN 'number' THEN right(regexp_replace(said, '[^0-9]', '', 'g'), 10)
              ELSE regexp_replace(lower(strip_accents(said)), ' +', ' ', 'g') END
