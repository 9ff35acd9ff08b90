-- What a FHIR delivery holds, one row a resource. A row's rowid is its key; staging is committed before it is used.
-- In a database in memory of its own: it never enters the store, DuckDB spills it to disk where memory does not suffice,
-- and other connections of the process see it, as they would not see a temporary table.
DETACH DATABASE IF EXISTS fhir_staging;
ATTACH ':memory:' AS fhir_staging;
CREATE OR REPLACE TABLE fhir_staging.resource (
    file_id INTEGER NOT NULL,
    line BIGINT,              -- physical line of NDJSON; NULL in a document (a Bundle or one resource a file)
    position INTEGER,         -- number of the entry in its Bundle from 1; 0 the Bundle itself; NULL outside of one
    resource_type VARCHAR,    -- NULL where there is no resource (see problem; an entry may be empty)
    id VARCHAR,
    full_url VARCHAR,         -- fullUrl of the entry
    method VARCHAR,           -- request.method of the entry; of a DELETE type and id come from its url
    json VARCHAR,             -- the resource as sent (in a Bundle: without white space); a Bundle without entries
    problem VARCHAR           -- the rule that it breaks so badly that it is no resource; json is then the text as sent
);
CREATE OR REPLACE TEMP VIEW fhir_resource AS SELECT rowid, * FROM fhir_staging.resource;

-- Where a resource stands in its file as one number, as findings and the ledger know it: the line of NDJSON, the number of
-- the entry in a Bundle (1 for a resource that is a file, 0 for the Bundle itself), both of a Bundle that is a line.
CREATE OR REPLACE TEMP MACRO fhir_place(line, position) AS
    CASE WHEN line IS NULL THEN coalesce(position, 1)::BIGINT WHEN position IS NULL THEN line
         ELSE -(line * 10000000 + position) END;

-- The Bundle in which a resource stands (0: none). One number of its file and its line.
CREATE OR REPLACE TEMP MACRO fhir_bundle_number(file_id, line, position) AS
    CASE WHEN position IS NULL THEN 0 ELSE (file_id::BIGINT << 36) + coalesce(line, 0) END;

-- The server of a resource by its address ([base]/Type/id), the scheme aside; NULL where it tells none (urn:uuid).
CREATE OR REPLACE TEMP MACRO fhir_server(address) AS
    nullif(regexp_extract(address, '^https?://(.*)/[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$', 1), '');

-- The id of a resource: its own, else the last part of its entry's fullUrl.
CREATE OR REPLACE TEMP MACRO fhir_own_id(id, full_url) AS coalesce(id, nullif(regexp_extract(full_url, '([^/:]+)$', 1), ''));

-- Within what a reference means the same: a Bundle, and the server of the entry that says it.
CREATE OR REPLACE TEMP MACRO fhir_scope(file_id, line, position, full_url) AS
    CASE WHEN position IS NULL THEN 0
         WHEN fhir_server(full_url) IS NULL THEN fhir_bundle_number(file_id, line, position)
         ELSE (hash(fhir_bundle_number(file_id, line, position), fhir_server(full_url)) >> 1)::BIGINT END;

-- Parameters that held resources, which are staged: what is left of them is their wrapper.
CREATE OR REPLACE TEMP TABLE fhir_holder (resource BIGINT);

-- When what a Bundle deletes was deleted, and as which version, by the entry's place; both may be NULL.
CREATE OR REPLACE TEMP TABLE fhir_deleted (file_id INTEGER, line BIGINT, position INTEGER, updated VARCHAR, version VARCHAR);

-- Bundles on their way into fhir_resource that are lines of NDJSON, or parts of a large one, whose wrapper is written apart.
CREATE OR REPLACE TEMP TABLE fhir_bundle (
    file_id INTEGER, line BIGINT, first_position INTEGER, part BOOLEAN, content VARCHAR
);

-- Whether some number of a JSON text is not what DuckDB, which reads it as a DOUBLE, prints: 1.50, 1e3, one of more digits.
-- Other connections screen, so it is no TEMP one.
CREATE OR REPLACE MACRO fhir_staging.fhir_inexact(content) AS
    len(list_filter(
        regexp_extract_all(content, '(?:"\s*:|[\[,])\s*(-?[0-9]+(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+|[0-9]{15,})|-0)', 1),
        lambda n: regexp_matches(n, '[eE]|[0-9]{16}') OR TRY(json(n)::VARCHAR) IS DISTINCT FROM n)) > 0;

-- Numbers as texts behind a sign that no text has, so that a parse keeps them as they are written; and back again. Text and
-- numbers take turns, the last number is one too many.
CREATE OR REPLACE TEMP MACRO fhir_numbers_kept(content) AS
    regexp_replace(regexp_replace(content || ' 0', '((?:"(?:[^"\\]|\\.)*"|[^"0-9-])*)(-?[0-9][0-9.eE+-]*)', '\1"' || chr(57344) || '\2"', 'g'),
                   ' "' || chr(57344) || '0"$', '');
CREATE OR REPLACE TEMP MACRO fhir_numbers_back(content) AS regexp_replace(content, '"' || chr(57344) || '([^"]*)"', '\1', 'g');

-- What the store has by identifiers that references of the delivery name: `key` is the Type/id of the one resource that has it,
-- empty where several have (known_identifier.sql).
CREATE OR REPLACE TEMP TABLE fhir_known_identifier (type VARCHAR, system VARCHAR, value VARCHAR, key VARCHAR);

CREATE OR REPLACE TEMP TABLE fhir_known_uuid (uuid VARCHAR, key VARCHAR);

-- The hash of what each resource says (harmonize/intake/fhir/content.py).
CREATE OR REPLACE TEMP TABLE fhir_content_hash (resource BIGINT NOT NULL, hash VARCHAR NOT NULL);
