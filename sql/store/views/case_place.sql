-- What the views of linked say of each case: its person, its site, and whether the dates of its project are those of the calendar.
CREATE VIEW harmonize.case_place AS
WITH site AS (
    SELECT project_id, case_key, min(site_id) AS site_id FROM midrc."case" WHERE site_id IS NOT NULL GROUP BY project_id, case_key
)
SELECT c.project_id, c.case_key, c.person_id, s.site_id,
       CASE WHEN p.time_policy IN ('offset', 'shifted') THEN p.time_policy
            WHEN p.shifted_by_source THEN 'shifted_by_source'
            ELSE 'real' END AS dates
FROM harmonize.person_case c
LEFT JOIN site s ON s.project_id = c.project_id AND s.case_key = c.case_key
LEFT JOIN harmonize.project p ON p.project_id = c.project_id;
