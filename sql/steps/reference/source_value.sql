-- A *_source_value of at most 50 characters: the text, else the code, else 41 characters + ~ + 8 hex of its sha256. A code that
-- a mapping made of a column and its value (`column#value`, or cut and with a hash itself) says less than the text.
-- on demand
CREATE OR REPLACE TEMP MACRO source_value(txt, code) AS
    CASE WHEN txt IS NULL THEN CASE WHEN length(code) <= 50 THEN code ELSE left(code, 41) || '~' || left(sha256(code), 8) END
         WHEN length(txt) <= 50 THEN txt
         WHEN length(code) <= 50 AND NOT regexp_matches(code, '#|~[0-9a-f]{8}$') THEN code
         ELSE left(txt, 41) || '~' || left(sha256(txt), 8) END
