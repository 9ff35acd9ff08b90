-- What the resources of each type have: the leaves of their elements, and the lists of objects of which one has several.
CREATE OR REPLACE TEMP TABLE fhir_present AS
SELECT unnest($1::VARCHAR[]) AS resource_type, unnest($2::VARCHAR[][]) AS leaves, unnest($3::VARCHAR[][]) AS several
