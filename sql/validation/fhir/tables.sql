-- What the rules of FHIR find, before it is written to harmonize.finding: a path is exact, `element` is it without indices.
CREATE OR REPLACE TEMP TABLE fhir_found (
    rule VARCHAR, file_id INTEGER, place BIGINT, path VARCHAR, value VARCHAR, expected VARCHAR, choices VARCHAR[]
);
CREATE OR REPLACE TEMP MACRO fhir_element(path) AS regexp_replace(path, '("(?:[^"\\]|\\.)*")|\[\d+\]', '\1', 'g');
