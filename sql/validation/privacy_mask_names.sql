-- Put the masked run in the place of each run that holds a name ($runs, $masked), the longest first.
UPDATE privacy_mask SET shown = t.shown
FROM (
    SELECT text, list_reduce(list_prepend(any_value(m.shown), list(r.run || chr(31) || k.masked ORDER BY length(r.run) DESC, r.run)),
                             lambda held, pair: replace(held, split_part(pair, chr(31), 1), split_part(pair, chr(31), 2))) AS shown
    FROM privacy_run r
    JOIN (SELECT unnest($runs::VARCHAR[]) AS run, unnest($masked::VARCHAR[]) AS masked) k USING (run)
    JOIN privacy_mask m ON m.rowid = r.text
    GROUP BY text
) t
WHERE privacy_mask.rowid = t.text
