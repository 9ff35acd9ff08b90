-- What the resources of each type have.
INSERT INTO fhir_present SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[][]), unnest($3::VARCHAR[][])
