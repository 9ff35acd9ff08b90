-- Cases of the hub whose person is not there.
SELECT h.project_id AS site, count(*) FILTER (WHERE p.person_id IS NULL) AS violated, count(*) AS denominator, NULL AS note
FROM (SELECT DISTINCT project_id, case_key FROM midrc."case") h
LEFT JOIN quality_case c ON c.project_id = h.project_id AND c.case_key = h.case_key
LEFT JOIN omop.person p ON p.person_id = c.person_id
GROUP BY h.project_id
