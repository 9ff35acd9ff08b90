-- What publishing asks of each person: whether dates of any case were moved, whether the file may tell what a limited data
-- set may, and the year before which nobody was born who is 89 or younger (of whom no day is known, when the store was last loaded).
CREATE OR REPLACE TEMP TABLE publish_person AS
SELECT c.person_id, bool_or(coalesce(p.moved, true)) AS moved, bool_and(coalesce(p.is_limited, false)) AS is_limited,
       coalesce(any_value(year(a.reference_date)), (SELECT max(year(loaded_at)) FROM harmonize.submission)) - 90 AS oldest_year
FROM harmonize.person_case c
LEFT JOIN publish_project p USING (project_id)
LEFT JOIN harmonize.person_age a USING (person_id)
GROUP BY c.person_id
