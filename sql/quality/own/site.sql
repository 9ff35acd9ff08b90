-- Every person once, with a site: of several the first by name.
CREATE OR REPLACE TEMP TABLE quality_site AS
SELECT person_id, min(project_id) AS site FROM quality_case GROUP BY person_id
