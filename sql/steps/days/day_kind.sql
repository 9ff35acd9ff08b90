-- What day_exam and day_study describe: a number for its family and regions (kind), and for its words (text_id). A procedure that
-- names no modality is no exam and has no row.
-- when: matching
-- by: day_kind
-- reads: day_exam, day_study
CREATE OR REPLACE TEMP TABLE day_kind (
    node VARCHAR, modality VARCHAR, description VARCHAR, body_part VARCHAR, loinc_code VARCHAR, kind INTEGER, family VARCHAR,
    regions VARCHAR[], text_id INTEGER
)
