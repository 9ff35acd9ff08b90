-- The same of each person: of several cases that of which the person has the key, and whose days are the person's.
CREATE VIEW harmonize.person_place AS
SELECT c.person_id, c.project_id, c.case_key, c.site_id, c.dates
FROM harmonize.case_place c
JOIN omop.person p ON p.person_id = c.person_id
QUALIFY row_number() OVER (PARTITION BY c.person_id
    ORDER BY c.case_key IS DISTINCT FROM p.person_source_value, c.project_id, c.case_key) = 1;
