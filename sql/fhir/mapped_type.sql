-- The resource types that the mapping reads.
CREATE OR REPLACE TEMP TABLE fhir_mapped_type AS SELECT unnest($types) AS resource_type
