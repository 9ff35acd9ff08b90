-- By which identifiers FHIR resources are known, so that a later delivery may name them so (Reference.identifier). Only hashes by
-- the key of the store; never published. What a record that is no longer current had says nothing.
CREATE TABLE IF NOT EXISTS harmonize.resource_identifier (
    record_id BIGINT NOT NULL,
    identifier_hash UUID NOT NULL           -- of system and value
)
