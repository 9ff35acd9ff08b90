-- What names no patient is of the patients of what it names; run until nothing is added.
INSERT INTO cluster_subject
SELECT DISTINCT r.resource, s.patient
FROM fhir_reference f
JOIN cluster_resource r ON r.resource = f.resource AND NOT r.is_sole AND NOT r.is_shared
JOIN cluster_subject s ON s.resource = f.target_resource
WHERE r.resource NOT IN (SELECT resource FROM cluster_subject)
