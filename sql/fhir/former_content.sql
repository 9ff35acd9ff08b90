-- Records whose content a store knows by the hash of before (white space and the form of numbers aside, in the order of its keys)
-- get the hash of now, so that a new way to hash makes no record a changed one.
UPDATE harmonize.record SET content_hash = f.content_hash
FROM (
    SELECT c.record_id, i.content_hash
    FROM incoming i
    JOIN harmonize.record c ON c.is_current AND c.key_hash = i.key_hash AND c.record_type = i.record_type
    JOIN fhir_resource r ON $base + r.rowid = i.record_id
    JOIN fhir_type t ON t.resource_type = r.resource_type
    WHERE c.content_hash <> i.content_hash AND r.problem IS NULL AND r.json IS NOT NULL
      AND c.content_hash = md5(concat($version, t.setting, json(r.json)::VARCHAR))::UUID
) f
WHERE record.record_id = f.record_id
