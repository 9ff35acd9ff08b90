-- Documents whose replacement is there: a note of the same person that names them. Two that replace each other both stay.
-- when: fact_link
CREATE OR REPLACE TEMP TABLE replaced_record AS
WITH pair AS (
    SELECT l.record_id, l.target_record
    FROM aimed_link l
    JOIN midrc.note n USING (record_id)
    JOIN midrc.note o ON o.record_id = l.target_record
    JOIN affected_case a ON a.project_id = o.project_id AND a.case_key = o.case_key
    WHERE l.relation = 'replaces' AND l.record_id <> l.target_record AND a.person_id = l.person_id
      AND n.note_text IS NOT NULL AND coalesce(n.start_date, n.start_datetime::DATE) IS NOT NULL
)
SELECT DISTINCT target_record AS record_id
FROM pair p
ANTI JOIN pair back ON back.record_id = p.target_record AND back.target_record = p.record_id
