-- What becomes of a cell in a published file (sql/export/published.tsv). Session variables hold what is made from the key:
-- publish_inner and publish_outer, the two blocks of HMAC-SHA256 (RFC 2104).
CREATE OR REPLACE TEMP MACRO keyed_hash(x) AS
    sha256(getvariable('publish_outer')::BLOB || unhex(sha256(getvariable('publish_inner')::BLOB || encode(x))));

-- A key of the source: the same text of the same project and kind has the same pseudonym everywhere.
CREATE OR REPLACE TEMP MACRO pseudonym_of(kind, project, key) AS
    kind || '-' || left(keyed_hash(kind || chr(31) || coalesce(project, '') || chr(31) || key), 20);

-- A UID that stands for another one (PS3.5 B.2: 2.25. and a number of 128 bits).
CREATE OR REPLACE TEMP MACRO uid_of(uid) AS
    '2.25.' || ('0x' || left(keyed_hash('uid' || chr(31) || uid), 32))::UHUGEINT;

-- What is written like a UID under one of the three roots (PS3.5 9.1); a key of the source in its place is none.
CREATE OR REPLACE TEMP MACRO is_uid(x) AS
    length(x) <= 64 AND regexp_full_match(x, '[012](\.(0|[1-9][0-9]*)){3,}');

-- A month in words, as a part of a regular expression.
CREATE OR REPLACE TEMP MACRO month_name() AS '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';

-- A text without days and months of the calendar. Eight digits that may be a date are one only in `dateless`: among codes
-- they are a code.
CREATE OR REPLACE TEMP MACRO dateless_term(x) AS
    regexp_replace(x, '\b(?:19|20)[0-9]{2}[-/](?:0[1-9]|1[0-2])(?:[-/](?:0[1-9]|[12][0-9]|3[01])(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?)?\b'
        || '|\b(?:19|20)[0-9]{2}/[0-9]{1,2}/[0-9]{1,2}\b'
        || '|\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])/(?:(?:19|20)[0-9]{2}|[0-9]{2})\b'
        || '|\b(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])-(?:19|20)[0-9]{2}\b'
        || '|\b(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)[0-9]{2}\b'
        || '|(?i:\b(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?[ -]?(?:of )?' || month_name() || '\.?,?[ -]?(?:19|20)[0-9]{2}\b)'
        || '|(?i:\b' || month_name() || '\.? (?:(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?,? )?(?:19|20)[0-9]{2}\b)',
        '[date]', 'g');
CREATE OR REPLACE TEMP MACRO dateless(x) AS
    regexp_replace(dateless_term(x), '\b(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\b', '[date]', 'g');

-- An age as a text: over 89 the category (45 CFR 164.514(b)(2)(i)(C)); where dates were moved, none that tells a day or year.
CREATE OR REPLACE TEMP MACRO age_text_of(x, moved) AS
    CASE WHEN regexp_matches(x, '(18|19|20)[0-9]{2}') THEN CASE WHEN NOT moved THEN x END
         WHEN TRY_CAST(regexp_extract(x, '[0-9]+(\.[0-9]+)?') AS DOUBLE) >= 90 AND NOT regexp_matches(x, '(?i)[0-9] *[dwm]') THEN '90+'
         ELSE x END;
