-- Where the resources of findings stand: `place` is the line of a finding of FHIR (fhir_place in sql/fhir/tables.sql).
CREATE TEMP TABLE IF NOT EXISTS finding_record (
    file_id INTEGER, place BIGINT, line BIGINT, position INTEGER, record VARCHAR
)
