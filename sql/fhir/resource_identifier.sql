-- They are kept as hashes by the key of the store (harmonize.resource_identifier).
INSERT INTO harmonize.resource_identifier
SELECT record_id, identity_hash('identifier', system || '|' || value) FROM fhir_new_identifier
