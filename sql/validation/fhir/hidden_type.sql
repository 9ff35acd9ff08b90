-- Resource types whose names are not shown.
CREATE OR REPLACE TEMP TABLE fhir_hidden_type AS
SELECT unnest($types::VARCHAR[]) resource_type
