-- New codes: of a secret that is drawn for this one statement and kept nowhere (publish_once), and of nothing that anybody is
-- called. A person's code is a number of 52 bits, a UID's one of 128 (PS3.5 B.2).
INSERT INTO {codes}.code
SELECT kind, project_id, key,
       CASE kind WHEN 'person' THEN ('0x' || left(drawn, 13))::BIGINT::VARCHAR
                 WHEN 'uid' THEN '2.25.' || ('0x' || left(drawn, 32))::UHUGEINT
                 ELSE kind || '-' || left(drawn, 20) END
FROM (SELECT *, sha256(getvariable('publish_once')::BLOB || encode(number::VARCHAR)) AS drawn FROM publish_code_missing)
