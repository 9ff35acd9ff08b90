-- Files that a manifest lists under error.
INSERT INTO fhir_found
SELECT 'export_error', file_id, NULL, NULL, count(*)::VARCHAR, NULL, NULL
FROM fhir_resource WHERE resource_type = 'OperationOutcome' AND list_contains($error_files, file_id) GROUP BY ALL
