-- A death before a later event, visit or exam of the same person, noted at the record that tells the death. Days are compared,
--   not times: what falls on the day of death may have been before it. How many days it is later is told, and no date.
-- when: death_before_event
-- after: finding.cleared
INSERT INTO harmonize.finding
WITH later AS (
    SELECT person_id, omop_table AS told, start_date FROM event WHERE start_date IS NOT NULL
    UNION ALL
    SELECT person_id, 'visit_occurrence', visit_start_date FROM visit_kept
    UNION ALL
    SELECT person_id, 'image', study_date FROM study_row
)
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL,
       arg_max(replace(l.told::VARCHAR, '_', ' '), (l.start_date, l.told::VARCHAR)) || ', '
       || (max(l.start_date) - d.death_date) || CASE WHEN max(l.start_date) - d.death_date = 1 THEN ' day' ELSE ' days' END
       || ' after the death' || CASE WHEN d.is_imputed THEN ' (its day is taken from ' || d.rule || ')' ELSE '' END
FROM death_row d
JOIN later l ON l.person_id = d.person_id AND l.start_date > d.death_date
JOIN harmonize.record c ON c.record_id = d.record_id
JOIN harmonize.rule r ON r.rule = 'death_before_event'
GROUP BY c.submission_id, r.rule_id, c.file_id, c.line, d.person_id, d.death_date, d.is_imputed, d.rule
