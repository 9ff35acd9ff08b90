-- One row a project: its time policy and the choices that a load asks it for.
CREATE TABLE IF NOT EXISTS harmonize.project (
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
    uids_basis VARCHAR,                     -- set, mapping: who says so
    match_days VARCHAR,                     -- unique, single_pairs: offset: match exams by day with images by date; refused: asked, in vain
    deletion_share DOUBLE,                  -- of the records of a type, what a snapshot deletes unasked; NULL: 0.2
    determination VARCHAR,                  -- reference of the expert's determination that its releases rest on
    agreement VARCHAR                       -- reference of the data use agreement of its limited data sets
)
