-- One row a linked imaging study: how its person, procedure and visit were found.
CREATE TABLE IF NOT EXISTS harmonize.image_link (
    project_id VARCHAR NOT NULL,
    case_key VARCHAR NOT NULL,
    person_id BIGINT NOT NULL,
    study_uid VARCHAR NOT NULL,
    procedure_occurrence_id BIGINT NOT NULL,
    visit_occurrence_id BIGINT,
    modality VARCHAR,
    region VARCHAR,
    tier VARCHAR NOT NULL,                  -- stated, contained, contained_offset, ambiguous, no_visit_that_day, no_visit
    person_tier VARCHAR NOT NULL,           -- patient_id, study_uid, crosswalk, images_only
    procedure_tier VARCHAR NOT NULL,        -- procedure_code, procedure_day, ambiguous_procedure, new_procedure
    imaging_date_offset_days INTEGER NOT NULL,
    days_from_admission INTEGER
)
