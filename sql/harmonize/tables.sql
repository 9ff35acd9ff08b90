-- Bookkeeping of a store: who sent what, what became of each record, and where each row came from.
-- The type harmonize.omop_table is made from the CDM's table list before this runs.

CREATE TYPE harmonize.state AS ENUM
    ('loaded', 'excluded', 'quarantined', 'duplicate', 'context', 'unchanged', 'superseded', 'deleted');
CREATE TYPE harmonize.role AS ENUM ('primary', 'support');

CREATE TABLE harmonize.project (
    project_id VARCHAR NOT NULL,
    time_policy VARCHAR,                    -- offset, shifted, as_is; NULL until one is needed or set
    source_anchor DATE,                     -- offset: the calendar day that the source uses as day 0
    anchor DATE,                            -- offset: the calendar day on which day 0 is written to OMOP
    shift_key_file VARCHAR,                 -- shifted: where the key is read from
    shift_key_fingerprint VARCHAR,          -- shifted: sha256 of the key, so that another key is refused
    shifted_by_source BOOLEAN,
    imaging_date_offset_days INTEGER,       -- the linker's setting; used for linking only
    unknown_age VARCHAR,                    -- sentinel, quarantine
    observation_period VARCHAR,             -- events, themis_60d
    medication_request VARCHAR,             -- cdm, ig_table, none: which FHIR MedicationRequests are exposures
    uids VARCHAR,                           -- public, remap: what becomes of DICOM UIDs in a published file
    uids_basis VARCHAR                      -- set, mapping: who says so
);

CREATE TABLE harmonize.submission (
    submission_id INTEGER NOT NULL,
    project_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    mapping VARCHAR,
    mapping_version VARCHAR,
    mode VARCHAR NOT NULL,
    state VARCHAR NOT NULL,                 -- loaded, withdrawn
    loaded_at TIMESTAMP NOT NULL,           -- UTC
    software_version VARCHAR NOT NULL,
    vocabulary_version VARCHAR
);

CREATE TABLE harmonize.source_file (
    file_id INTEGER NOT NULL,
    submission_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    size BIGINT,
    sha256 VARCHAR,
    record_type VARCHAR,
    records BIGINT NOT NULL,
    loaded BIGINT NOT NULL DEFAULT 0,
    excluded BIGINT NOT NULL DEFAULT 0,
    quarantined BIGINT NOT NULL DEFAULT 0,
    duplicate BIGINT NOT NULL DEFAULT 0,
    context BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    superseded BIGINT NOT NULL DEFAULT 0,
    deleted BIGINT NOT NULL DEFAULT 0
);

-- One row per record version; an unchanged repeat is counted in source_file and not written here.
CREATE TABLE harmonize.record (
    record_id BIGINT NOT NULL,
    submission_id INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    line BIGINT,
    record_type USMALLINT NOT NULL,
    record_key VARCHAR,
    key_hash UUID,                          -- md5 of project, record type and key
    content_hash UUID,                      -- md5 of the mapping's version and all cells
    state harmonize.state NOT NULL,
    reason_id USMALLINT,
    is_current BOOLEAN NOT NULL,
    ended_by INTEGER                        -- the submission that superseded or deleted it
);

CREATE TABLE harmonize.record_type (record_type USMALLINT NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE harmonize.reason (reason_id USMALLINT NOT NULL, reason VARCHAR NOT NULL);

CREATE TABLE harmonize.mapping (
    mapping_id USMALLINT NOT NULL,          -- one entry of one version of a mapping
    name VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    line INTEGER,
    is_shared BOOLEAN NOT NULL DEFAULT false -- several records may tell of one event: the mapping gives its submitter_id
);

-- Ids of the rows that live, and of those that lived: an id is never given to another row.
CREATE TABLE harmonize.row_id (omop_table harmonize.omop_table NOT NULL, row_key UUID NOT NULL, omop_id BIGINT NOT NULL);
CREATE TABLE harmonize.row_id_retired (omop_table harmonize.omop_table NOT NULL, row_key UUID NOT NULL, omop_id BIGINT NOT NULL);

CREATE TABLE harmonize.row_source (
    omop_table harmonize.omop_table NOT NULL,
    omop_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    mapping_id USMALLINT NOT NULL,
    role harmonize.role NOT NULL
);

CREATE TABLE harmonize.imputation (
    omop_table harmonize.omop_table NOT NULL,
    omop_id BIGINT NOT NULL,
    column_name VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
);

CREATE TABLE harmonize.person_case (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    person_id BIGINT NOT NULL,
    basis VARCHAR NOT NULL                  -- clinical, imaging
);

-- Pairs of cases that are one person, as stated; cases that are not loaded yet included. The first case of a pair is the
-- first by project and key.
CREATE TABLE harmonize.crosswalk (
    project_id_1 VARCHAR NOT NULL,
    case_key_1 VARCHAR NOT NULL,
    project_id_2 VARCHAR NOT NULL,
    case_key_2 VARCHAR NOT NULL,
    day_difference INTEGER,                 -- days to add to the second case's dates in OMOP to get the first's
    same_time_base BOOLEAN,                 -- NULL: as the time policies of the projects say
    basis VARCHAR NOT NULL
);

-- Persons that are one and stay two rows, because their dates have no common time base.
CREATE TABLE harmonize.person_same_as (
    person_id_1 BIGINT NOT NULL,            -- the lower id
    person_id_2 BIGINT NOT NULL,
    basis VARCHAR NOT NULL
);

-- Cases that were withdrawn: loads leave their records out until they are reinstated.
CREATE TABLE harmonize.withdrawn_case (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP NOT NULL         -- UTC
);

CREATE TABLE harmonize.person_age (
    person_id BIGINT NOT NULL,
    precision VARCHAR NOT NULL,             -- birth_date, birth_year, age, dicom_age, band, gt89, unknown
    low INTEGER,                            -- lowest age in years at the reference date
    high INTEGER,                           -- highest age in years; NULL for gt89 and unknown
    reference_date DATE
);

CREATE TABLE harmonize.image_link (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    person_id BIGINT NOT NULL,
    study_uid VARCHAR NOT NULL,
    procedure_occurrence_id BIGINT NOT NULL,
    visit_occurrence_id BIGINT,
    modality VARCHAR,
    region VARCHAR,
    tier VARCHAR NOT NULL,                  -- contained, contained_offset, ambiguous, no_visit_that_day, no_visit
    person_tier VARCHAR NOT NULL,           -- patient_id, study_uid, crosswalk, images_only
    procedure_tier VARCHAR NOT NULL,        -- procedure_code, procedure_day, ambiguous_procedure, new_procedure
    imaging_date_offset_days INTEGER NOT NULL,
    days_from_admission INTEGER
);

-- LOINC codes by study description that were imported for this store; they go before the parser.
CREATE TABLE harmonize.study_table (
    family VARCHAR NOT NULL,                -- modalities that LOINC does not tell apart; empty if none is stated
    description VARCHAR NOT NULL,           -- in capitals with single spaces; empty if blank
    loinc_code VARCHAR NOT NULL,
    long_common_name VARCHAR NOT NULL
);

-- Per file and column: records = empty + loaded + context + excluded + quarantined.
CREATE TABLE harmonize.ledger_column (
    submission_id INTEGER NOT NULL,
    file_id INTEGER,                        -- NULL: of all files together, as elements of FHIR resources are counted
    column_name VARCHAR NOT NULL,           -- of FHIR: Type, or Type.path of an element without indices
    reason VARCHAR,
    records BIGINT NOT NULL,
    empty BIGINT NOT NULL,
    loaded BIGINT NOT NULL,
    context BIGINT NOT NULL,
    excluded BIGINT NOT NULL,
    quarantined BIGINT NOT NULL
);

CREATE VIEW harmonize.ledger AS
SELECT r.submission_id, r.file_id, f.name AS file, r.line, t.name AS record_type, r.record_key, r.state, e.reason
FROM harmonize.record r
JOIN harmonize.source_file f ON f.file_id = r.file_id
JOIN harmonize.record_type t ON t.record_type = r.record_type
LEFT JOIN harmonize.reason e ON e.reason_id = r.reason_id;

CREATE VIEW harmonize.lineage AS
SELECT s.omop_table, s.omop_id, b.project_id, t.name AS node, r.record_key, m.part, s.role,
       r.submission_id, r.file_id, f.name AS file, r.line, m.name AS mapping, m.version AS mapping_version
FROM harmonize.row_source s
JOIN harmonize.record r ON r.record_id = s.record_id
JOIN harmonize.record_type t ON t.record_type = r.record_type
JOIN harmonize.source_file f ON f.file_id = r.file_id
JOIN harmonize.submission b ON b.submission_id = r.submission_id
JOIN harmonize.mapping m ON m.mapping_id = s.mapping_id;
