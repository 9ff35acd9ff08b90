-- Version 5: every text is screened before it is mapped, and what is refused stands in no key. What was loaded before can be
-- screened only from its source.
CREATE TABLE IF NOT EXISTS harmonize.needs_reload (project_id VARCHAR NOT NULL, reason VARCHAR NOT NULL, submission_id INTEGER NOT NULL);

INSERT INTO harmonize.needs_reload
SELECT
    s.project_id,
    'it was loaded before every text was screened for what identifies people.',
    max(s.submission_id)
FROM harmonize.submission s
JOIN harmonize.record r ON r.submission_id = s.submission_id
WHERE s.project_id NOT IN (SELECT project_id FROM harmonize.needs_reload)
GROUP BY s.project_id;

-- The day of an administration or vaccination stood as its end, too, where its source states none.
UPDATE midrc.medication
SET end_date = NULL, end_datetime = NULL
WHERE
    type_hint = 'Type Concept:OMOP4976891'
    AND end_date IS NOT DISTINCT FROM start_date
    AND end_datetime IS NOT DISTINCT FROM start_datetime
