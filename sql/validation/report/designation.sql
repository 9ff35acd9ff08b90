-- Other words for the codes of FHIR's lists; a list is known by the MD5 of its codes (harmonize.schema.fhir_designations).
CREATE OR REPLACE TEMP TABLE designation (codes VARCHAR, text VARCHAR, code VARCHAR)
