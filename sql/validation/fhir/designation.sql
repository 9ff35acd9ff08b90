-- Other words for the codes of a list of FHIR, which is known by the MD5 of its codes.
CREATE OR REPLACE TEMP TABLE fhir_designation AS SELECT unnest($codes::VARCHAR[]) AS codes, unnest($texts::VARCHAR[]) AS text
