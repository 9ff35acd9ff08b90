-- A version that the withdrawn submission ended, and whose successor a later submission ended in turn, was ended by that
-- later one.
UPDATE harmonize.record
SET ended_by = n.ended_by
FROM (
    SELECT o.record_id, max(s.ended_by) AS ended_by
    FROM harmonize.record o
    JOIN harmonize.record s ON s.key_hash = o.key_hash AND s.record_type = o.record_type
                           AND s.submission_id = $submission AND s.ended_by IS NOT NULL
    JOIN harmonize.submission l ON l.submission_id = s.ended_by AND l.state = 'loaded'
    WHERE o.ended_by = $submission
    GROUP BY o.record_id
) n
WHERE record.record_id = n.record_id
