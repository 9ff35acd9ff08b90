-- The pseudonyms of one {kind} of keys: {made} of each project and key that the query {keys} gives, once.
CREATE OR REPLACE TEMP TABLE publish_key_{kind} AS
SELECT project_id, key, {made} AS pseudonym
FROM (SELECT DISTINCT project_id, key FROM ({keys}) WHERE key IS NOT NULL)
