-- The staged resources of patients, each with its shard; rowid is the number in the delivery as a whole.
SELECT p.shard, r.rowid AS rowid, r.file_id, r.line, r.position, r.resource_type, r.id, r.full_url, r.method, r.json, r.problem
FROM fhir_resource r
JOIN (SELECT s.resource, min(c.shard) AS shard
      FROM cluster_subject s
      JOIN cluster.place c ON c.project_id = $project AND c.patient = s.patient
      GROUP BY ALL) p ON p.resource = r.rowid
ORDER BY p.shard, r.rowid
