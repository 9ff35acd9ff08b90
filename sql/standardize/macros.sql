-- Small functions that the statements under sql/standardize and sql/omop share.

-- The calendar day that OMOP shows: anchor + day for offset projects (NULL where no calendar has it), else the date itself;
-- shift is the case's day_shift, 0 unless it was merged into a person that has another time base.
CREATE OR REPLACE TEMP MACRO omop_date(policy, anchor, source_anchor, shift, day, d) AS
    CASE WHEN policy = 'offset' THEN TRY(anchor + coalesce(day, date_diff('day', source_anchor, d))::INTEGER) ELSE d END
    + shift;

-- A *_source_value of at most 50 characters: the text, else the code, else 41 characters + ~ + 8 hex of its sha256.
CREATE OR REPLACE TEMP MACRO source_value(txt, code) AS
    CASE WHEN txt IS NULL THEN CASE WHEN length(code) <= 50 THEN code ELSE left(code, 41) || '~' || left(sha256(code), 8) END
         WHEN length(txt) <= 50 THEN txt
         WHEN length(code) <= 50 THEN code
         ELSE left(txt, 41) || '~' || left(sha256(txt), 8) END;

-- DICOM PatientAge (PS3.5 VR AS: nnnD, nnnW, nnnM, nnnY) in whole years; NULL when it is not one.
CREATE OR REPLACE TEMP MACRO dicom_age(a) AS
    CASE WHEN regexp_full_match(trim(a), '\d{3}Y') THEN left(trim(a), 3)::INTEGER
         WHEN regexp_full_match(trim(a), '\d{3}M') THEN left(trim(a), 3)::INTEGER // 12
         WHEN regexp_full_match(trim(a), '\d{3}W') THEN left(trim(a), 3)::INTEGER // 52
         WHEN regexp_full_match(trim(a), '\d{3}D') THEN left(trim(a), 3)::INTEGER // 365 END;

-- The concept of a table's id column, as *_event_field_concept_id names it; 0 where the vocabulary lacks it.
CREATE OR REPLACE TEMP MACRO event_field(t) AS
    coalesce((SELECT min(concept_id) FROM omop.concept WHERE vocabulary_id = 'CDM' AND concept_name = t || '.' || t || '_id'), 0);
