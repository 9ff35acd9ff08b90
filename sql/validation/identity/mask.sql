-- Mask the tokens in documents, the longest first. $masks gives the mask of a word, a number, an address.
UPDATE privacy_mask SET shown = t.shown
FROM (
    SELECT m.rowid AS text,
           list_reduce(list_prepend(any_value(m.shown), list(h.said ORDER BY length(h.said) DESC, h.said)),
                       lambda held, said: regexp_replace(held, '(^|[^\p{{L}}\p{{N}}])' || regexp_escape(said) || '($|[^\p{{L}}\p{{N}}_])',
                           '\1' || CASE WHEN regexp_matches(said, '^\p{{L}}') THEN '{name}' WHEN regexp_matches(said, '\p{{L}}') THEN '{address}'
                                        ELSE '{number}' END || '\2', 'g')) AS shown
    FROM identity_hit h
    JOIN privacy_mask m ON m.column_id = h.column_id AND m.value = h.value
    WHERE m.shown IS NOT NULL
    GROUP BY m.rowid
) t
WHERE privacy_mask.rowid = t.text
