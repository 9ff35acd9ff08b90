-- Functions that rules and mappings share. TEMP, so that nothing is stored in a database file and a read-only one works.
-- Each has a twin in Python (harmonize/mapping/compiler/functions.py); tests/mapping/compiler/test_differential.py holds the two equal.
-- What is needed several times is bound once by a lambda where that is seldom reached: each mention of a macro is planned anew.

-- What HTML writes for signs, which exports of web pages leave in texts: the name, and the sign.
CREATE OR REPLACE TEMP MACRO signs_of_html() AS
  ['&lt;|<', '&gt;|>', '&le;|≤', '&ge;|≥', '&minus;|-', '&nbsp;| ', '&thinsp;| ', '&#60;|<', '&#62;|>', '&#8804;|≤', '&#8805;|≥',
   '&#8722;|-', '&#160;| ', '&#8239;| ', '&#8201;| ', '&#43;|+', '&#45;|-', '&plus;|+'];

-- The text of a number as it would be typed: signs of HTML, the minus of Unicode, full-width forms and marks without width
-- replaced, blanks of print between thousands taken out (1 240 with a no-break, thin or narrow blank; not with a plain one).
CREATE OR REPLACE TEMP MACRO as_typed(x) AS
  list_transform([regexp_replace(translate(
      CASE WHEN contains(x, '&') THEN list_reduce(signs_of_html(), lambda t, sign: replace(t, split_part(sign, '|', 1), split_part(sign, '|', 2)), x) ELSE x END,
      '−﹣－＋．，０１２３４５６７８９＜＞＝', '---+.,0123456789<>='), '[\x{AD}\x{200B}-\x{200F}\x{2060}\x{FEFF}]', '', 'g')],
    lambda w: CASE WHEN regexp_full_match(w, '[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000} ]*(<=|>=|[<>=≤≥])?[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000} ]*[+-]?[0-9]{1,3}([\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}][0-9]{3})+([.][0-9]*)?[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000} ]*')
                   THEN regexp_replace(w, '[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000} ]', '', 'g')
                   ELSE regexp_replace(w, '[\x{A0}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]', ' ', 'g') END)[1];

-- A number in plain figures, blanks around it aside; NULL for anything else (nan, inf, 1_000, 0x10 included).
-- The pattern takes the blanks and not trim(), which takes as long as the rest.
CREATE OR REPLACE TEMP MACRO plain_number(x) AS
  CASE WHEN regexp_full_match(x, ' *[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)? *')
        AND isfinite(TRY_CAST(x AS DOUBLE))
       THEN TRY_CAST(x AS DOUBLE) END;

-- A number written as text; only a text with other signs than ASCII's that is not in plain figures is looked at twice.
CREATE OR REPLACE TEMP MACRO number(x) AS
  CASE WHEN regexp_full_match(x, ' *[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)? *')
        AND isfinite(TRY_CAST(x AS DOUBLE))
       THEN TRY_CAST(x AS DOUBLE)
       WHEN strlen(x) <> length(x) THEN list_transform([as_typed(x)], lambda typed: plain_number(typed))[1] END;

-- The number of a laboratory result: an operator before it and commas between thousands (1,240; not 1,24) are left aside.
CREATE OR REPLACE TEMP MACRO result_number(x) AS
  coalesce(plain_number(x), list_transform(
    [regexp_replace(CASE WHEN strlen(x) <> length(x) OR contains(x, '&') THEN as_typed(x) ELSE x END, '^ *(<=|>=|≤|≥|<|>|=)', '')],
    lambda amount: plain_number(CASE WHEN regexp_full_match(amount, ' *[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)? *')
                                     THEN replace(amount, ',', '') ELSE amount END))[1]);

-- The operator before such a number; NULL where there is none.
CREATE OR REPLACE TEMP MACRO result_operator(x) AS
  CASE WHEN result_number(x) IS NOT NULL
       THEN replace(replace(nullif(regexp_extract(CASE WHEN strlen(x) <> length(x) OR contains(x, '&') THEN as_typed(x) ELSE x END, '^ *(<=|>=|≤|≥|<|>)', 1), ''), '≤', '<='), '≥', '>=') END;

-- A whole number: 3 and 3.0 give 3, 2.7 gives NULL. Digits alone keep all 64 bits, other spellings 53.
CREATE OR REPLACE TEMP MACRO whole(x) AS
  CASE WHEN regexp_full_match(x, ' *[+-]?[0-9]+ *') THEN TRY_CAST(x AS BIGINT)
       WHEN x IS NOT NULL THEN list_transform([number(x)], lambda n:
         CASE WHEN n = trunc(n) AND abs(n) <= 9007199254740992e0 THEN TRY_CAST(n AS BIGINT) END)[1] END;

-- A text that is all digits as a whole number of 64 bits.
CREATE OR REPLACE TEMP MACRO digits(x) AS
  CASE WHEN regexp_full_match(x, ' *[+-]?[0-9]+ *') THEN TRY_CAST(x AS BIGINT) END;

-- The characters that Python's str.strip() takes away; trim() alone takes away other ones.
CREATE OR REPLACE TEMP MACRO blanks() AS
  list_reduce(list_transform([9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197,
    8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288], lambda c: chr(c)), lambda a, b: a || b);

-- The pieces of a text between separators, blanks around them taken away, empty ones left out.
CREATE OR REPLACE TEMP MACRO split_list(x, separator) AS
  list_filter(list_transform(string_split(x, separator), lambda piece: trim(piece, blanks())),
              lambda piece: piece <> '');

-- A list without its NULLs; NULL where nothing is left.
CREATE OR REPLACE TEMP MACRO members(x) AS
  CASE WHEN len(list_filter(x, lambda member: member IS NOT NULL)) > 0
       THEN list_filter(x, lambda member: member IS NOT NULL) END;

-- The nearest whole number of a DOUBLE, a half going to the even one, still as DOUBLE.
CREATE OR REPLACE TEMP MACRO half_even(x) AS
  CASE WHEN abs(x - trunc(x)) = 0.5e0 THEN 2e0 * round(x / 2e0) ELSE round(x) END;

-- text[start:stop] as Python slices, counted in characters. (greatest and least pass over NULL.)
CREATE OR REPLACE TEMP MACRO slice(x, start, stop) AS
  CASE WHEN start IS NOT NULL AND stop IS NOT NULL THEN
    substring(x,
      CAST(CASE WHEN start < 0 THEN greatest(length(x) + start, 0) ELSE start END + 1 AS BIGINT),
      CAST(greatest(least(CASE WHEN stop < 0 THEN length(x) + stop ELSE stop END, length(x))
             - CASE WHEN start < 0 THEN greatest(length(x) + start, 0) ELSE start END, 0) AS BIGINT)) END;

-- A date moved by whole days; NULL outside of the years 1 to 9999.
CREATE OR REPLACE TEMP MACRO add_days(x, n) AS
  CASE WHEN TRY(x + TRY_CAST(n AS INTEGER)) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'
       THEN TRY(x + TRY_CAST(n AS INTEGER)) END;

-- The regular expression that a text in a strptime format must match whole. Day, month and time of day may lack
-- the leading zero, except in a format whose fields touch (%Y%m%d).
CREATE OR REPLACE TEMP MACRO time_pattern(f) AS
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    regexp_escape(f),
    '\%Y', '([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])'),
    '\%y', '[0-9]{2}'),
    '\%m', CASE WHEN regexp_matches(f, '%[a-zA-Z]%') THEN '(0[1-9]|1[0-2])' ELSE '(0?[1-9]|1[0-2])' END),
    '\%d', CASE WHEN regexp_matches(f, '%[a-zA-Z]%') THEN '(0[1-9]|[12][0-9]|3[01])'
                ELSE '(0?[1-9]|[12][0-9]|3[01])' END),
    '\%H', CASE WHEN regexp_matches(f, '%[a-zA-Z]%') THEN '([01][0-9]|2[0-3])' ELSE '([01]?[0-9]|2[0-3])' END),
    '\%I', CASE WHEN regexp_matches(f, '%[a-zA-Z]%') THEN '(0[1-9]|1[0-2])' ELSE '(0?[1-9]|1[0-2])' END),
    '\%M', CASE WHEN regexp_matches(f, '%[a-zA-Z]%') THEN '[0-5][0-9]' ELSE '[0-5]?[0-9]' END),
    '\%S', CASE WHEN regexp_matches(f, '%[a-zA-Z]%') THEN '[0-5][0-9]' ELSE '[0-5]?[0-9]' END),
    '\%f', '[0-9]{1,6}'),
    '\%p', '([Aa][Mm]|[Pp][Mm])'),
    '\%b', '(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'),
    '\%B', '(?i:january|february|march|april|may|june|july|august|september|october|november|december)');

-- A timestamp in one strptime format, the whole text matching; NULL otherwise.
CREATE OR REPLACE TEMP MACRO time_as(x, f) AS
  CASE WHEN regexp_full_match(x, time_pattern(f)) THEN try_strptime(x, f) END;

-- The first of up to four strptime formats that the text matches.
CREATE OR REPLACE TEMP MACRO to_datetime
  (x, f) AS time_as(x, f),
  (x, f, g) AS coalesce(time_as(x, f), time_as(x, g)),
  (x, f, g, h) AS coalesce(time_as(x, f), time_as(x, g), time_as(x, h)),
  (x, f, g, h, i) AS coalesce(time_as(x, f), time_as(x, g), time_as(x, h), time_as(x, i));

CREATE OR REPLACE TEMP MACRO to_date
  (x, f) AS CAST(time_as(x, f) AS DATE),
  (x, f, g) AS CAST(coalesce(time_as(x, f), time_as(x, g)) AS DATE),
  (x, f, g, h) AS CAST(coalesce(time_as(x, f), time_as(x, g), time_as(x, h)) AS DATE),
  (x, f, g, h, i) AS CAST(coalesce(time_as(x, f), time_as(x, g), time_as(x, h), time_as(x, i)) AS DATE);

-- Dates of ISO 8601 as FHIR writes them: a year, a month, a day, or a dateTime, of which the zone is left aside.
-- The first day of the year or month, or the day itself as written.
CREATE OR REPLACE TEMP MACRO partial_date(x) AS
  CASE WHEN x >= '0001' AND regexp_full_match(x, '[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T.*)?)?)?')
       THEN TRY_CAST(left(x, 10) || CASE length(x) WHEN 4 THEN '-01-01' WHEN 7 THEN '-01' ELSE '' END AS DATE) END;

-- How exact such a date is, where that is less than a day: year or month.
CREATE OR REPLACE TEMP MACRO date_precision(x) AS
  CASE WHEN regexp_full_match(x, '[0-9]{4}') THEN 'year' WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}') THEN 'month' END;

-- The clock of a dateTime as written, to the second.
CREATE OR REPLACE TEMP MACRO local_time(x) AS
  CASE WHEN x >= '0001' AND regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?')
       THEN TRY_CAST(left(x, 10) || ' ' || CASE WHEN substr(x, 17, 1) = ':' THEN substr(x, 12, 8) ELSE substr(x, 12, 5) || ':00' END AS TIMESTAMP) END;

-- The inches of a length in feet, in feet and inches (under 12), or in inches, each with its sign or word.
CREATE OR REPLACE TEMP MACRO feet_and_inches(x) AS
  list_transform(
    [regexp_extract(replace(regexp_replace(regexp_replace(trim(x, ' '), '[′’]', '''', 'g'), '[″”]', '"', 'g'), '''''', '"'),
      '^(?:([0-9]{1,2}) *(?:''|[Ff][Tt]\.?|[Ff][Ee][Ee][Tt]|[Ff][Oo][Oo][Tt])(?: *-? *((?:[0-9]|1[01])(?:\.[0-9]+)?) *(?:"|[Ii][Nn](?:\.|[Cc][Hh](?:[Ee][Ss])?)?)?)?|([0-9]{1,3}(?:\.[0-9]+)?) *(?:"|[Ii][Nn](?:\.|[Cc][Hh](?:[Ee][Ss])?)?))$',
      ['feet', 'inches', 'alone'])],
    lambda p: CASE WHEN p.alone <> '' THEN p.alone::DOUBLE
                   WHEN p.feet <> '' THEN 12e0 * p.feet::DOUBLE + coalesce(nullif(p.inches, '')::DOUBLE, 0e0) END)[1];

-- What stands for an identifier that is compared and not kept: the sha256 of the text without blanks at its ends.
CREATE OR REPLACE TEMP MACRO fingerprint(x) AS sha256(trim(x, blanks()));

-- Bytes as the characters of their numbers (ISO 8859-1).
CREATE OR REPLACE TEMP MACRO latin_text(bytes) AS
  array_to_string(list_transform(regexp_extract_all(hex(bytes), '..'), lambda h: chr(('0x' || h)::INTEGER)), '');

-- Bytes as Windows-1252 has them; NULL where one of its five unused bytes is among them.
CREATE OR REPLACE TEMP MACRO windows_text(bytes) AS
  list_transform([latin_text(bytes)], lambda w: CASE WHEN NOT regexp_matches(w, '[\x{81}\x{8D}\x{8F}\x{90}\x{9D}]') THEN
    translate(w, list_reduce(list_transform([128, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 142, 145, 146, 147, 148,
      149, 150, 151, 152, 153, 154, 155, 156, 158, 159], lambda c: chr(c)), lambda a, b: a || b),
      '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ') END)[1];

-- The 16-bit units of UTF-16 as text, a pair of surrogates as the one character that it is; NULL where one stands alone.
CREATE OR REPLACE TEMP MACRO units_text(units) AS
  CASE WHEN len(list_filter(units, lambda u, i: u BETWEEN 55296 AND 56319 AND coalesce(units[i + 1], 0) NOT BETWEEN 56320 AND 57343
                    OR u BETWEEN 56320 AND 57343 AND (i = 1 OR units[i - 1] NOT BETWEEN 55296 AND 56319))) = 0
       THEN array_to_string(list_transform(units, lambda u, i:
              CASE WHEN u BETWEEN 55296 AND 56319 THEN chr((u - 55296) * 1024 + units[i + 1] - 56320 + 65536)
                   WHEN u BETWEEN 56320 AND 57343 THEN '' ELSE chr(u) END), '') END;

-- UTF-16 of a byte order: of its mark, else the one that is named, else the great end first (RFC 2781).
CREATE OR REPLACE TEMP MACRO utf16_text(bytes, charset) AS
  CASE WHEN octet_length(bytes) % 2 = 0 THEN list_transform(
    [{'quads': regexp_extract_all(hex(bytes), '....'), 'little': charset = 'utf-16le' OR charset = 'utf-16' AND hex(bytes[1:2]) = 'FFFE'}],
    lambda b: units_text(list_filter(
      list_transform(b.quads, lambda q: ('0x' || CASE WHEN b.little THEN right(q, 2) || left(q, 2) ELSE q END)::INTEGER),
      lambda u, i: i > 1 OR u <> 65279)))[1] END;

-- Bytes as the text that they are in a charset, or in UTF-8 where its mark stands before them; NULL where they are none in it,
-- or the charset is none of these.
CREATE OR REPLACE TEMP MACRO bytes_text(bytes, charset) AS
  CASE WHEN charset IN ('', 'utf-8', 'utf8', 'us-ascii', 'ascii') OR hex(bytes[1:3]) = 'EFBBBF'
       THEN regexp_replace(TRY(decode(bytes)), '^\x{FEFF}', '')
       WHEN charset IN ('iso-8859-1', 'iso8859-1', 'latin1', 'latin-1') THEN latin_text(bytes)
       WHEN charset IN ('windows-1252', 'cp1252') THEN windows_text(bytes)
       WHEN charset IN ('iso-8859-15', 'iso8859-15', 'latin-9') THEN translate(latin_text(bytes), '¤¦¨´¸¼½¾', '€ŠšŽžŒœŸ')
       WHEN charset IN ('utf-16', 'utf-16le', 'utf-16be') THEN utf16_text(bytes, charset) END;

-- The text that base64 stands for, in lines or not, in UTF-8 or the charset that a MIME type names; NULL where it is none.
CREATE OR REPLACE TEMP MACRO base64_text
  (x) AS bytes_text(TRY(from_base64(regexp_replace(x, '[ \t\r\n]', '', 'g'))), ''),
  (x, mime) AS bytes_text(TRY(from_base64(regexp_replace(x, '[ \t\r\n]', '', 'g'))),
                          lower(regexp_extract(mime, '(?i);[ \t]*charset[ \t]*=[ \t]*"?([^ \t;"]+)', 1)));

-- The text that base64 may stand for where nobody says in which charset: what rules of privacy look at. UTF-8, UTF-16 by its mark
-- or by its first letters, else one character a byte; NULL where it holds characters that no text has.
CREATE OR REPLACE TEMP MACRO base64_any_text(x) AS
  list_transform([TRY(from_base64(regexp_replace(x, '[ \t\r\n]', '', 'g')))], lambda bytes:
    CASE WHEN hex(bytes[1:2]) IN ('FFFE', 'FEFF') THEN bytes_text(bytes, 'utf-16')
         WHEN regexp_matches(hex(bytes[1:8]), '^(..00)+$') THEN bytes_text(bytes, 'utf-16le')
         WHEN regexp_matches(hex(bytes[1:8]), '^(00..)+$') THEN bytes_text(bytes, 'utf-16be')
         ELSE coalesce(bytes_text(bytes, ''), CASE WHEN NOT regexp_matches(hex(bytes), '^(?:..)*?(?:0[0-8]|0[EF]|1[0-9A-F])')
                                                   THEN latin_text(bytes) END) END)[1];

-- The full-width forms of the signs and letters of ASCII, and these.
CREATE OR REPLACE TEMP MACRO full_width() AS
  list_reduce(list_transform(range(65281, 65375), lambda c: chr(c::INTEGER)), lambda a, b: a || b);
CREATE OR REPLACE TEMP MACRO plain_width() AS
  list_reduce(list_transform(range(33, 127), lambda c: chr(c::INTEGER)), lambda a, b: a || b);

-- A key as it is meant: letters and their accents composed, full-width forms as plain ones, without the characters that
-- nobody sees (soft hyphen, marks without width or of direction, byte order mark), every blank as a plain one, none at the ends.
CREATE OR REPLACE TEMP MACRO plain_key(x) AS
  CASE WHEN strlen(x) = length(x) THEN trim(x, ' ' || chr(9) || chr(10) || chr(13))
       ELSE nfc_normalize(trim(regexp_replace(translate(regexp_replace(x,
         '[\x{AD}\x{61C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FE00}-\x{FE0F}\x{FEFF}]', '', 'g'),
         full_width(), plain_width()), '[\t\r\n\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]', ' ', 'g'))) END;

-- A text with the characters that nobody sees, and those that look like others, by their numbers: P1<U+200B>.
CREATE OR REPLACE TEMP MACRO unseen_told(x) AS
  array_to_string(list_transform(string_split(x, ''), lambda c:
    CASE WHEN regexp_full_match(c, '[\t\r\n\x{85}\x{A0}\x{AD}\x{300}-\x{36F}\x{61C}\x{1680}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{FE00}-\x{FE0F}\x{FEFF}\x{FF01}-\x{FF5E}]')
         THEN printf('<U+%04X>', unicode(c)) ELSE c END), '');
