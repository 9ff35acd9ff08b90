-- Of which patients the resources of a delivery tell: cluster_subject(resource, patient), the id of a Patient.
CREATE OR REPLACE TEMP TABLE cluster_subject AS
SELECT resource, own_id AS patient FROM cluster_resource WHERE resource_type = 'Patient' AND NOT is_sole AND own_id IS NOT NULL
UNION
SELECT r.resource,
       coalesce(CASE WHEN t.resource_type = 'Patient' THEN t.own_id END,
                CASE WHEN t.resource IS NULL
                     THEN nullif(regexp_extract(coalesce(f.known_key, f.target),
                                                '(?:^|/)Patient/([A-Za-z0-9.-]+)(?:/_history/.*)?$', 1), '')
                END) AS patient
FROM fhir_reference f
JOIN cluster_resource r ON r.resource = f.resource AND NOT r.is_sole AND NOT r.is_shared
LEFT JOIN cluster_resource t ON t.resource = f.target_resource
WHERE patient IS NOT NULL
UNION
SELECT r.resource, l.key[9:]
FROM fhir_logical l
JOIN cluster_resource r ON r.resource = l.resource AND NOT r.is_sole AND NOT r.is_shared
WHERE starts_with(l.key, 'Patient/')
