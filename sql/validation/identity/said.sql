-- How the known tokens of one kind are written in these texts: each word of them once.
CREATE OR REPLACE TEMP TABLE identity_word AS
SELECT said
FROM (SELECT DISTINCT unnest({finder}(value)) AS said FROM {texts})
SEMI JOIN (FROM identity_known WHERE kind = '{kind}') k ON k.token_hash = identity_hash('{kind}', identity_token('{kind}', said))
