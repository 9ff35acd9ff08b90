-- The texts that have one of them.
INSERT INTO identity_hit
SELECT column_id, value, said, '{kind}'
FROM (SELECT column_id, value, unnest(list_distinct({finder}(value))) AS said FROM {texts})
SEMI JOIN identity_word USING (said);

INSERT INTO privacy_hit
SELECT DISTINCT h.column_id, '{rule}', h.value
FROM identity_hit h
WHERE h.kind = '{kind}' AND (h.column_id, '{rule}', h.value) NOT IN (SELECT (column_id, rule, value) FROM privacy_hit)
