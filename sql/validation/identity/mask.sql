-- Mask the tokens in documents, the longest first: a word, a number, an address. Between the two words of a pair may stand what
-- stands between names. Twice, since two finds may share what lies between. Around a token stands no letter that would belong to it
-- ([[:alpha:]] and what lies where the letters of other scripts do; RE2's classes of all letters take long to compile).
UPDATE privacy_mask SET shown = t.shown
FROM (
    SELECT m.rowid AS text,
           list_reduce(list_prepend({{'pattern': '', 'mask': any_value(m.shown)}},
                                    list({{'pattern': h.pattern, 'mask': '\1' || h.mask || '\2'}} ORDER BY length(h.said) DESC, h.said)),
                       lambda held, one: {{'pattern': '',
                                           'mask': regexp_replace(regexp_replace(held.mask, one.pattern, one.mask, 'g'),
                                                                  one.pattern, one.mask, 'g')}}).mask AS shown
    FROM (SELECT DISTINCT column_id, value, said,
                 CASE WHEN kind = 'number' THEN '(^|[^0-9])' || regexp_escape(said) || '($|[^0-9])'
                      ELSE '(^|[^A-Za-z\x{{C0}}-\x{{1FFF}}\x{{3040}}-\x{{D7FF}}' || CASE WHEN kind IN ('code', 'address') THEN '0-9' ELSE '' END || '])'
                           || CASE WHEN kind = 'pair'
                                   THEN regexp_escape(split_part(said, ' ', 1)) || '(?:[.,]?\s{{1,2}}(?:[^\s0-9]\.?\s{{1,2}})?|[,^.-])'
                                        || regexp_escape(split_part(said, ' ', 2))
                                   ELSE regexp_escape(said) END
                           || '($|[^0-9A-Za-z_\x{{C0}}-\x{{1FFF}}\x{{3040}}-\x{{D7FF}}])' END AS pattern,
                 CASE WHEN kind IN ('name', 'word', 'pair') THEN '{name}' WHEN kind = 'address' THEN '{address}' ELSE '{number}' END AS mask
          FROM identity_hit) h
    JOIN privacy_mask m ON m.column_id = h.column_id AND m.value = h.value
    WHERE m.shown IS NOT NULL
    GROUP BY m.rowid
) t
WHERE privacy_mask.rowid = t.text
