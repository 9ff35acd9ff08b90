-- The same of parts of visits, notes and specimens.
-- when: visit_detail or note or specimen
INSERT INTO undated
-- a part of a visit that is not there, or has no date itself
SELECT d.record_id, 'visit detail'
FROM (SELECT d.* REPLACE (coalesce(u.visit_key, d.visit_key) AS visit_key) FROM midrc.visit_detail d
      LEFT JOIN visit_part u
        ON u.project_id = d.project_id AND u.case_key = d.case_key AND u.part_key = coalesce(d.visit_detail_key, d.row_key::VARCHAR)) d
JOIN affected_case a USING (project_id, case_key)
ANTI JOIN visit_row USING (project_id, case_key, visit_key)
WHERE a.person_id IS NOT NULL
UNION ALL
SELECT n.record_id, n.node
FROM (SELECT 'note' AS node, * FROM midrc.note UNION ALL BY NAME SELECT 'specimen' AS node, * FROM midrc.specimen) n
JOIN affected_case a USING (project_id, case_key)
WHERE a.person_id IS NOT NULL AND coalesce(n.start_date, n.start_datetime::DATE) IS NULL AND n.start_day IS NULL
