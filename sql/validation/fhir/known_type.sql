-- The resource types that FHIR has.
CREATE OR REPLACE TEMP TABLE fhir_known_type AS
SELECT unnest($types::VARCHAR[]) AS resource_type
