-- What is wrong with references, with the shard that tells it: that of the resource, the first for a file and what is shared.
SELECT coalesce((SELECT min(p.shard) FROM cluster_resource r JOIN cluster_subject s USING (resource)
                 JOIN cluster.place p ON p.project_id = $project AND p.patient = s.patient
                 WHERE r.file_id = f.file_id AND r.place = f.place), 1) AS shard, f.*
FROM fhir_found f
