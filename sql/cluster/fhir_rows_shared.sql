-- The staged resources of no patient: is_sole are those that nothing names, of which the first shard is enough.
SELECT c.is_sole, r.rowid AS rowid, r.file_id, r.line, r.position, r.resource_type, r.id, r.full_url, r.method, r.json, r.problem
FROM fhir_resource r
JOIN cluster_resource c ON c.resource = r.rowid
WHERE r.rowid NOT IN (SELECT resource FROM cluster_subject)
ORDER BY r.rowid
