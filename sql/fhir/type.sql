-- The resource types of a delivery: their type of record, whether a definition of them is known, and the project's setting.
CREATE OR REPLACE TEMP TABLE fhir_type AS
SELECT unnest($types) AS resource_type, unnest($record_types) AS record_type, unnest($known) AS is_known,
       unnest($settings) AS setting
