-- Persons on each side by what the strata are made of; before: without those that the last assignment added.
SELECT variable, value, count(DISTINCT person) FILTER (side = 'open' AND NOT is_last) AS open_before,
       count(DISTINCT person) FILTER (side = 'sequestered' AND NOT is_last) AS sequestered_before,
       count(DISTINCT person) FILTER (side = 'open') AS open, count(DISTINCT person) FILTER (side = 'sequestered') AS sequestered
FROM (SELECT split_part(part, '=', 1) AS variable, substr(part, strpos(part, '=') + 1) AS value, place, side, is_last, person
      FROM (SELECT unnest(string_split(s.stratum, '/')) AS part, generate_subscripts(string_split(s.stratum, '/'), 1) AS place,
                   s.side, coalesce(p.person::VARCHAR, s.case_key) AS person,
                   s.assigned_at = max(s.assigned_at) OVER (PARTITION BY s.project_id) AS is_last
            FROM harmonize.sequestration s
            LEFT JOIN sequester_person p USING (project_id, case_key)
            WHERE s.project_id = $project))
GROUP BY variable, value
ORDER BY min(place), value
