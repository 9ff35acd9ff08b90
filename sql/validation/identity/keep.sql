-- Keep what is new.
INSERT INTO harmonize.identity_token
SELECT DISTINCT $project, kind, token_hash FROM identity_known
WHERE is_new AND (kind, token_hash) NOT IN (SELECT (kind, token_hash) FROM harmonize.identity_token WHERE project_id = $project)
