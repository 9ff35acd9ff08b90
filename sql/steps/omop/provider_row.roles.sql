-- A provider is known by its roles, too.
-- when: provider
INSERT INTO provider_row BY NAME
SELECT r.provider_id, p.project_id, p.role_key AS provider_key
FROM midrc.provider p
JOIN provider_row r USING (project_id, provider_key)
WHERE p.role_key <> p.provider_key
