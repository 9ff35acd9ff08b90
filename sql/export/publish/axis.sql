-- Everybody's own time: the first and the last day that is published of a person ({days}), by how many days they are moved so that
-- the first falls on {first}, and what the years of birth become: of whoever is over 89 on the last day one of the category.
CREATE OR REPLACE TEMP TABLE publish_axis AS
WITH span AS (
    SELECT person_id, min(first_day) AS first_day, max(last_day) AS last_day FROM ({days}) GROUP BY person_id
),
known AS (
    SELECT p.person_id, p.year_of_birth,
           coalesce(s.first_day, (SELECT max(loaded_at)::DATE FROM harmonize.submission), {first}) AS first_day,
           coalesce(s.last_day, (SELECT max(loaded_at)::DATE FROM harmonize.submission), {first}) AS last_day
    FROM omop.person p
    LEFT JOIN span s USING (person_id)
),
moved AS (
    SELECT *, date_diff('day', first_day, {first})::INTEGER AS moved_by, year({first}) - year(first_day) AS years_moved FROM known
)
SELECT person_id, first_day, moved_by, years_moved, year(last_day + moved_by) - 90 AS oldest_year,
       greatest(year(last_day) - year_of_birth, year(last_day + moved_by) - year_of_birth - years_moved) > 89 AS is_over_89
FROM moved
