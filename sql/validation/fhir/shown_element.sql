-- How elements are shown, and of which kind their values are.
CREATE OR REPLACE TEMP TABLE fhir_shown_element AS
SELECT unnest($1::VARCHAR[]) AS element, unnest($2::VARCHAR[]) AS shown, unnest($3::VARCHAR[]) AS kind, unnest($4::BOOLEAN[]) AS is_person
