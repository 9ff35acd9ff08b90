-- State of the records in derived_record that made no row after derivation; all others are loaded, by a primary row.
--   Context with support only; a record with hub rows and no OMOP row waits for its person, has a text that cannot be read or
--   has no date; one without hub
--   rows was left out by the mapping: as `structure` where it only groups others, which is context.
-- when: derived_record
CREATE OR REPLACE TEMP TABLE derived_state AS
WITH rest AS (
    SELECT record_id FROM derived_record ANTI JOIN (FROM harmonize.row_source WHERE role = 'primary') USING (record_id)
),
support AS (
    SELECT DISTINCT record_id FROM harmonize.row_source SEMI JOIN rest USING (record_id)
),
hub AS (
    SELECT h.record_id, bool_or(NOT h.describes AND (h.case_key IS NULL OR p.person_id IS NOT NULL)) AS has_person,
           bool_and(h.describes) AS describes
    FROM hub_record h
    SEMI JOIN rest USING (record_id)
    LEFT JOIN harmonize.person_case p USING (project_id, case_key)
    GROUP BY h.record_id
)
SELECT d.record_id,
       CASE WHEN n.record_id IS NOT NULL THEN 'quarantined'
            WHEN x.record_id IS NOT NULL THEN 'excluded'
            WHEN u.record_id IS NOT NULL THEN 'context'
            WHEN h.describes AND l.reason = 'structure' THEN 'context'
            WHEN h.describes THEN 'excluded'
            WHEN h.record_id IS NOT NULL THEN 'quarantined'
            WHEN l.reason = 'no_case_key' THEN 'quarantined'
            WHEN l.reason = 'structure' THEN 'context'
            ELSE 'excluded' END AS state,
       CASE WHEN n.record_id IS NOT NULL THEN 'no_date'
            WHEN x.record_id IS NOT NULL THEN 'replaced'
            WHEN u.record_id IS NOT NULL THEN CASE WHEN g.record_id IS NOT NULL THEN 'replaced' END
            WHEN h.describes THEN coalesce(l.reason, 'unreferenced')
            WHEN h.record_id IS NOT NULL AND h.has_person THEN CASE WHEN b.record_id IS NOT NULL THEN 'unreadable_text' ELSE 'no_date' END
            WHEN h.record_id IS NOT NULL THEN 'no_person'
            WHEN l.reason = 'structure' THEN NULL
            ELSE coalesce(l.reason, 'no_row') END AS reason
FROM rest d
LEFT JOIN support u USING (record_id)
LEFT JOIN hub h USING (record_id)
LEFT JOIN left_out l USING (record_id)
LEFT JOIN (SELECT DISTINCT record_id FROM undated) n USING (record_id)
LEFT JOIN replaced_record x USING (record_id)
-- documents of which no text could be read (base64, charset)
LEFT JOIN (SELECT record_id FROM midrc.note SEMI JOIN derived_record USING (record_id)
           GROUP BY ALL HAVING count(note_text) = 0) b USING (record_id)
-- a patient that another one replaces: what it says supports the row of that one
LEFT JOIN (SELECT DISTINCT c.record_id FROM midrc."case" c SEMI JOIN replaced_case USING (project_id, case_key)) g USING (record_id)
