-- What the rules of FHIR find, before it is written to harmonize.finding: a path is exact, `element` is it without indices.
CREATE OR REPLACE TEMP TABLE fhir_found (
    rule VARCHAR, file_id INTEGER, place BIGINT, path VARCHAR, value VARCHAR, expected VARCHAR, choices VARCHAR[]
);
-- What the resources of each type have, where elements are noted: the leaves of their elements, and the lists of objects of which one
-- has several. Without a row nothing is known of a type.
CREATE OR REPLACE TEMP TABLE fhir_present (resource_type VARCHAR, leaves VARCHAR[], several VARCHAR[]);
CREATE OR REPLACE TEMP MACRO fhir_element(path) AS regexp_replace(path, '("(?:[^"\\]|\\.)*")|\[\d+\]', '\1', 'g');
