-- What the records tell that has no date, by kind, with the number of lines: deaths first, then the most frequent.
SELECT f.value AS kind, count(DISTINCT (f.file_id, f.line)) AS lines
FROM harmonize.finding f
JOIN harmonize.rule r USING (rule_id)
WHERE f.submission_id = $submission AND r.rule = 'no_date'
GROUP BY f.value
ORDER BY f.value <> 'death', lines DESC, kind
