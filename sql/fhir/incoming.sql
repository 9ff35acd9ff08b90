-- One record a resource, Bundle wrapper (position 0) or broken line. The key is the resource's id, else the UUID or the last
-- part of its fullUrl, of a wrapper or an OperationOutcome without id its file and place. line is its place (fhir_place). A
-- setting of the project that the rows of a type depend on is part of the content, beside what the resource says
-- (harmonize/intake/fhir/content.py); of a broken line it is its text.
INSERT INTO incoming
SELECT $base + r.rowid, r.file_id, fhir_place(r.line, r.position), t.record_type, k.record_key,
       md5($prefix || t.resource_type || '|' || k.record_key)::UUID,
       md5(concat($version, t.setting, coalesce($content || c.hash, r.json)))::UUID,
       coalesce(r.method = 'DELETE' OR f.role = 'deleted' AND r.resource_type <> 'Bundle', false),
       CASE WHEN r.problem IS NOT NULL THEN 'quarantined'
            WHEN r.json IS NULL AND r.resource_type IS NULL THEN 'excluded'
            WHEN NOT t.is_known THEN 'quarantined' END,
       CASE WHEN r.problem IS NOT NULL THEN r.problem
            WHEN r.json IS NULL AND r.resource_type IS NULL THEN 'empty_entry'
            WHEN NOT t.is_known THEN 'unknown_resource_type' END
FROM fhir_resource r
JOIN fhir_file f USING (file_id)
LEFT JOIN fhir_content_hash c ON c.resource = r.rowid
JOIN fhir_type t ON t.resource_type = coalesce(nullif(r.resource_type, ''), 'unknown'),
LATERAL (SELECT coalesce(fhir_own_id(r.id, r.full_url),
                         CASE WHEN r.position = 0 THEN concat_ws('#', f.name, r.line)
                              WHEN r.resource_type IN ('OperationOutcome', 'Bundle', 'Parameters')
                                  THEN concat_ws('#', f.name, r.line, r.position)
                         END) AS record_key) k
