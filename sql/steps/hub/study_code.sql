-- LOINC codes of the modalities and descriptions of described_study, each once: the store's own table first, then the parser.
-- when: described_study
-- by: study_code
-- reads: described_study
CREATE OR REPLACE TEMP TABLE study_code (modality VARCHAR, description VARCHAR, loinc_code VARCHAR, loinc_long_common_name VARCHAR,
    loinc_method VARCHAR, loinc_system VARCHAR, loinc_contrast VARCHAR, loinc_source VARCHAR, reason VARCHAR, confidence DOUBLE)
