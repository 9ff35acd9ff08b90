-- Resources that are read without some of their values.
CREATE OR REPLACE TEMP TABLE fhir_changed (resource BIGINT, json VARCHAR)
