-- The texts of a delivery that a load reads (fhir_raw: as JSON holds them, each once an element; `whole`: the JSON of an
-- object that is read with all below it), where those
-- with a hit stand, and the values in whose place another is loaded (fhir_cell).
CREATE OR REPLACE TEMP TABLE fhir_raw (element VARCHAR, value VARCHAR, whole BOOLEAN);
CREATE OR REPLACE TEMP TABLE fhir_text_place (
    resource BIGINT, path VARCHAR, element VARCHAR, rules VARCHAR[], told VARCHAR, shown VARCHAR
);
CREATE OR REPLACE TEMP TABLE fhir_cell (resource BIGINT, path VARCHAR, element VARCHAR, shown VARCHAR);
-- The element of a path: without indices, of a contained Medication that of its own type.
CREATE OR REPLACE TEMP MACRO fhir_own_element(path) AS
    regexp_replace(fhir_element(path), '^[A-Za-z]+\.contained\.', 'Medication.');
-- A code system without what differs between its spellings.
CREATE OR REPLACE TEMP MACRO fhir_plain_system(v) AS rtrim(regexp_replace(lower(v), '^https?://(www[.])?', ''), '/');

-- Whether a value that is no code of its element can be nothing but one: one or two letters, or a code but for signs between
-- its letters, capitals or one letter.
CREATE OR REPLACE TEMP MACRO fhir_tells_code(value, codes) AS
    regexp_full_match(value, '[A-Za-z]{1,2}')
    OR regexp_full_match(value, '[A-Za-z _-]{3,40}')
       AND len(list_filter(codes, lambda c: lower(regexp_replace(c, '[ _-]', '', 'g')) = lower(regexp_replace(value, '[ _-]', '', 'g'))
                                            OR length(c) >= 5 AND levenshtein(lower(value), lower(c)) <= 1)) > 0
