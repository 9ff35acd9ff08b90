-- Cases that follow their persons.
INSERT INTO harmonize.sequestration
SELECT f.project_id, f.case_key, f.side, {stratum}, 'person', $seed, $fraction, $now
FROM ({follow}) f
JOIN sequester_value v USING (case_key)
