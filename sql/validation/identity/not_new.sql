-- What the store has of the project is not new.
UPDATE identity_known SET is_new = false
WHERE (kind, token_hash) IN (SELECT (kind, token_hash) FROM {store}harmonize.identity_token WHERE project_id = $project)
