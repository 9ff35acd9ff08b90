-- Persons born in another year than one of their cases says, where dates are as they are.
SELECT c.project_id AS site,
       count(DISTINCT p.person_id) FILTER (WHERE abs(p.year_of_birth - coalesce(year(h.birth_date), h.birth_year)) > 1) AS violated,
       count(DISTINCT p.person_id) AS denominator, NULL AS note
FROM omop.person p
JOIN quality_case c ON c.person_id = p.person_id
JOIN harmonize.project j ON j.project_id = c.project_id AND j.time_policy = 'as_is'
JOIN midrc."case" h ON h.project_id = c.project_id AND h.case_key = c.case_key
WHERE coalesce(year(h.birth_date), h.birth_year) IS NOT NULL
GROUP BY c.project_id
