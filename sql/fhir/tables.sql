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
    json VARCHAR,             -- the resource as sent (in a Bundle: numbers as DuckDB prints them); a Bundle without entries
    problem VARCHAR           -- the rule that it breaks so badly that it is no resource; json is then the text as sent
);
CREATE OR REPLACE TEMP VIEW fhir_resource AS SELECT rowid, * FROM fhir_staging.resource;

-- Where a resource stands in its file as one number, as findings and the ledger know it: the line of NDJSON, the number of
-- the entry in a Bundle (1 for a resource that is a file, 0 for the Bundle itself), both of a Bundle that is a line.
CREATE OR REPLACE TEMP MACRO fhir_place(line, position) AS
    CASE WHEN line IS NULL THEN coalesce(position, 1)::BIGINT WHEN position IS NULL THEN line
         ELSE -(line * 10000000 + position) END;

-- Within what a reference is looked up first: a Bundle (0: everything). One number of its file and its line.
CREATE OR REPLACE TEMP MACRO fhir_scope(file_id, line, position) AS
    CASE WHEN position IS NULL THEN 0 ELSE (file_id::BIGINT << 36) + coalesce(line, 0) END;

-- Parameters that held resources, which are staged: what is left of them is their wrapper.
CREATE OR REPLACE TEMP TABLE fhir_holder (resource BIGINT);

-- When what a Bundle deletes was deleted, and as which version, by the entry's place; both may be NULL.
CREATE OR REPLACE TEMP TABLE fhir_deleted (file_id INTEGER, line BIGINT, position INTEGER, updated VARCHAR, version VARCHAR);

-- Bundles on their way into fhir_resource that are lines of NDJSON, or parts of a large one, whose wrapper is written apart.
CREATE OR REPLACE TEMP TABLE fhir_bundle (
    file_id INTEGER, line BIGINT, first_position INTEGER, part BOOLEAN, content VARCHAR
);
