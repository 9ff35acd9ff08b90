-- The type of a resource; one that is none, and looks like none, is masked.
CREATE OR REPLACE TEMP MACRO fhir_shown_type(v) AS
    CASE WHEN v IN (SELECT resource_type FROM fhir_hidden_type) THEN '***' ELSE v END;

-- What findings show of values: nothing but what is known to tell nobody. Each macro gives the value, a part of it, or ***.
-- An id of a resource is shown unless a rule of privacy refused it (fhir_private_id).
CREATE OR REPLACE TEMP MACRO fhir_shown_id(v) AS
    CASE WHEN v IN (SELECT id FROM fhir_private_id) THEN '***' WHEN regexp_full_match(v, '[A-Za-z0-9.-]{1,64}') THEN v ELSE '***' END;

-- The id of what the delivery may lack: a word alone may be a name.
CREATE OR REPLACE TEMP MACRO fhir_shown_number(v) AS CASE WHEN regexp_matches(v, '[0-9]') THEN fhir_shown_id(v) ELSE '***' END;

-- A reference: its type and id, the server aside; of a search the type.
CREATE OR REPLACE TEMP MACRO fhir_shown_reference(v) AS
    CASE WHEN regexp_full_match(v, 'urn:uuid:[0-9A-Fa-f-]{36}') THEN v
         WHEN starts_with(v, '#') THEN '#' || fhir_shown_number(v[2:])
         ELSE concat_ws('/', CASE WHEN contains(v, '://') THEN '***' END,
                        (SELECT any_value(resource_type) FROM fhir_known_type
                         WHERE resource_type = regexp_extract(v, '(?:^|/)([A-Z][A-Za-z]+)[/?][^/]+(?:/_history/.*)?$', 1)),
                        fhir_shown_number(regexp_extract(v, '([^/]+?)(?:/_history/[^/]*)?$', 1))) END;

-- A code system: one that is known but for its spelling, the host of any other, an OID of short numbers.
CREATE OR REPLACE TEMP MACRO fhir_shown_system(v) AS
    CASE WHEN fhir_plain_system(v) IN (SELECT fhir_plain_system(system) FROM fhir_code_system) THEN v
         WHEN regexp_full_match(v, 'urn:oid:[0-2]([.][0-9]{1,6})+|https?://[A-Za-z.-]{1,80}/?') THEN v
         ELSE coalesce(nullif(regexp_extract(v, '^(https?://[A-Za-z.-]{1,80})[/:?#]', 1), '') || '/***', '***') END;

-- A code that has the form of its system (by the name of its vocabulary).
CREATE OR REPLACE TEMP MACRO fhir_shown_code(v, vocabulary) AS
    CASE WHEN regexp_full_match(v, CASE vocabulary
                  WHEN 'LOINC' THEN '[0-9]{1,5}-[0-9]|L[AP][0-9]{1,6}-[0-9]'
                  WHEN 'SNOMED' THEN '[1-9][0-9]{5,17}' WHEN 'SNOMED CT' THEN '[1-9][0-9]{5,17}'
                  WHEN 'RxNorm' THEN '[1-9][0-9]{0,6}' WHEN 'CVX' THEN '[0-9]{1,3}'
                  WHEN 'UCUM' THEN '[A-Za-z%\[\]{}/.*^0-9-]{1,12}'
                  ELSE '[A-Z][0-9][0-9A-Z]([.][0-9A-Z]{1,4})?|[A-Z]{1,4}' END)
         THEN v ELSE '***' END;

-- A value that breaks the form of its element: a number of an element of numbers, a date of one of dates that is not about a
-- person.
CREATE OR REPLACE TEMP MACRO fhir_shown_value(v, kind, is_person) AS
    CASE WHEN is_person THEN '***'
         WHEN kind = 'number' AND regexp_full_match(v, '-?[0-9]{1,15}([.][0-9]{1,15})?([eE][+-]?[0-9]{1,3})?') THEN v
         WHEN kind = 'date' AND regexp_full_match(v, '[0-9]{4}([-/][0-9]{1,2}){0,2}(T[0-9:.]{1,20}(Z|[+-][0-9:]{4,6})?)?|[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{2}|[0-9]{4})')
         THEN v ELSE '***' END;

-- Whether a value that is no code of its element is another word for one of its codes, or a code of another list: such a word tells
-- of nobody.
CREATE OR REPLACE TEMP MACRO fhir_is_word(v, codes) AS
    lower(trim(v)) IN (SELECT word FROM fhir_word)
    OR (md5(array_to_string(list_sort(codes), ' '))[:12], lower(trim(v))) IN (SELECT (d.codes, d.text) FROM fhir_designation d)
