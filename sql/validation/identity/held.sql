-- And of what earlier deliveries of the project told.
INSERT INTO identity_known
SELECT DISTINCT kind, token_hash, false FROM {store}harmonize.identity_token
WHERE ($project IS NULL OR project_id = $project) AND (kind, token_hash) NOT IN (SELECT (kind, token_hash) FROM identity_known)
