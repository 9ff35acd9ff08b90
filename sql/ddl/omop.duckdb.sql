-- Generated from schemas/omop.yaml by `python -m harmonize.schema.ddl`; do not edit.

CREATE SCHEMA IF NOT EXISTS "omop";

CREATE TABLE IF NOT EXISTS "omop"."person" (
  "person_id" BIGINT NOT NULL,
  "gender_concept_id" INTEGER NOT NULL,
  "year_of_birth" INTEGER NOT NULL,
  "month_of_birth" INTEGER,
  "day_of_birth" INTEGER,
  "birth_datetime" TIMESTAMP,
  "race_concept_id" INTEGER NOT NULL,
  "ethnicity_concept_id" INTEGER NOT NULL,
  "location_id" BIGINT,
  "provider_id" BIGINT,
  "care_site_id" BIGINT,
  "person_source_value" VARCHAR,
  "gender_source_value" VARCHAR,
  "gender_source_concept_id" INTEGER,
  "race_source_value" VARCHAR,
  "race_source_concept_id" INTEGER,
  "ethnicity_source_value" VARCHAR,
  "ethnicity_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."person" IS 'One row for each person, with sex, year of birth, race and ethnicity.';

CREATE TABLE IF NOT EXISTS "omop"."observation_period" (
  "observation_period_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "observation_period_start_date" DATE NOT NULL,
  "observation_period_end_date" DATE NOT NULL,
  "period_type_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."observation_period" IS 'Spans of time in which events of a person would have been recorded.';

CREATE TABLE IF NOT EXISTS "omop"."visit_occurrence" (
  "visit_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "visit_concept_id" INTEGER NOT NULL,
  "visit_start_date" DATE NOT NULL,
  "visit_start_datetime" TIMESTAMP,
  "visit_end_date" DATE NOT NULL,
  "visit_end_datetime" TIMESTAMP,
  "visit_type_concept_id" INTEGER NOT NULL,
  "provider_id" BIGINT,
  "care_site_id" BIGINT,
  "visit_source_value" VARCHAR,
  "visit_source_concept_id" INTEGER,
  "admitted_from_concept_id" INTEGER,
  "admitted_from_source_value" VARCHAR,
  "discharged_to_concept_id" INTEGER,
  "discharged_to_source_value" VARCHAR,
  "preceding_visit_occurrence_id" BIGINT
);
COMMENT ON TABLE "omop"."visit_occurrence" IS 'A stay or contact of a person with a provider of care.';

CREATE TABLE IF NOT EXISTS "omop"."visit_detail" (
  "visit_detail_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "visit_detail_concept_id" INTEGER NOT NULL,
  "visit_detail_start_date" DATE NOT NULL,
  "visit_detail_start_datetime" TIMESTAMP,
  "visit_detail_end_date" DATE NOT NULL,
  "visit_detail_end_datetime" TIMESTAMP,
  "visit_detail_type_concept_id" INTEGER NOT NULL,
  "provider_id" BIGINT,
  "care_site_id" BIGINT,
  "visit_detail_source_value" VARCHAR,
  "visit_detail_source_concept_id" INTEGER,
  "admitted_from_concept_id" INTEGER,
  "admitted_from_source_value" VARCHAR,
  "discharged_to_source_value" VARCHAR,
  "discharged_to_concept_id" INTEGER,
  "preceding_visit_detail_id" BIGINT,
  "parent_visit_detail_id" BIGINT,
  "visit_occurrence_id" BIGINT NOT NULL
);
COMMENT ON TABLE "omop"."visit_detail" IS 'A part of a visit, such as a stay in intensive care.';

CREATE TABLE IF NOT EXISTS "omop"."condition_occurrence" (
  "condition_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "condition_concept_id" INTEGER NOT NULL,
  "condition_start_date" DATE NOT NULL,
  "condition_start_datetime" TIMESTAMP,
  "condition_end_date" DATE,
  "condition_end_datetime" TIMESTAMP,
  "condition_type_concept_id" INTEGER NOT NULL,
  "condition_status_concept_id" INTEGER,
  "stop_reason" VARCHAR,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "condition_source_value" VARCHAR,
  "condition_source_concept_id" INTEGER,
  "condition_status_source_value" VARCHAR
);
COMMENT ON TABLE "omop"."condition_occurrence" IS 'A disease, sign or symptom of a person.';

CREATE TABLE IF NOT EXISTS "omop"."drug_exposure" (
  "drug_exposure_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "drug_concept_id" INTEGER NOT NULL,
  "drug_exposure_start_date" DATE NOT NULL,
  "drug_exposure_start_datetime" TIMESTAMP,
  "drug_exposure_end_date" DATE NOT NULL,
  "drug_exposure_end_datetime" TIMESTAMP,
  "verbatim_end_date" DATE,
  "drug_type_concept_id" INTEGER NOT NULL,
  "stop_reason" VARCHAR,
  "refills" INTEGER,
  "quantity" DOUBLE,
  "days_supply" INTEGER,
  "sig" VARCHAR,
  "route_concept_id" INTEGER,
  "lot_number" VARCHAR,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "drug_source_value" VARCHAR,
  "drug_source_concept_id" INTEGER,
  "route_source_value" VARCHAR,
  "dose_unit_source_value" VARCHAR
);
COMMENT ON TABLE "omop"."drug_exposure" IS 'A drug, vaccine or biologic that was ordered, dispensed, given or reported.';

CREATE TABLE IF NOT EXISTS "omop"."procedure_occurrence" (
  "procedure_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "procedure_concept_id" INTEGER NOT NULL,
  "procedure_date" DATE NOT NULL,
  "procedure_datetime" TIMESTAMP,
  "procedure_end_date" DATE,
  "procedure_end_datetime" TIMESTAMP,
  "procedure_type_concept_id" INTEGER NOT NULL,
  "modifier_concept_id" INTEGER,
  "quantity" INTEGER,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "procedure_source_value" VARCHAR,
  "procedure_source_concept_id" INTEGER,
  "modifier_source_value" VARCHAR
);
COMMENT ON TABLE "omop"."procedure_occurrence" IS 'Something done to a person to diagnose or to treat; imaging studies included.';

CREATE TABLE IF NOT EXISTS "omop"."device_exposure" (
  "device_exposure_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "device_concept_id" INTEGER NOT NULL,
  "device_exposure_start_date" DATE NOT NULL,
  "device_exposure_start_datetime" TIMESTAMP,
  "device_exposure_end_date" DATE,
  "device_exposure_end_datetime" TIMESTAMP,
  "device_type_concept_id" INTEGER NOT NULL,
  "unique_device_id" VARCHAR,
  "production_id" VARCHAR,
  "quantity" INTEGER,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "device_source_value" VARCHAR,
  "device_source_concept_id" INTEGER,
  "unit_concept_id" INTEGER,
  "unit_source_value" VARCHAR,
  "unit_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."device_exposure" IS 'A device or supply used on a person.';

CREATE TABLE IF NOT EXISTS "omop"."measurement" (
  "measurement_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "measurement_concept_id" INTEGER NOT NULL,
  "measurement_date" DATE NOT NULL,
  "measurement_datetime" TIMESTAMP,
  "measurement_time" VARCHAR,
  "measurement_type_concept_id" INTEGER NOT NULL,
  "operator_concept_id" INTEGER,
  "value_as_number" DOUBLE,
  "value_as_concept_id" INTEGER,
  "unit_concept_id" INTEGER,
  "range_low" DOUBLE,
  "range_high" DOUBLE,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "measurement_source_value" VARCHAR,
  "measurement_source_concept_id" INTEGER,
  "unit_source_value" VARCHAR,
  "unit_source_concept_id" INTEGER,
  "value_source_value" VARCHAR,
  "measurement_event_id" BIGINT,
  "meas_event_field_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."measurement" IS 'The result of a test or examination: laboratory, vital signs, scores.';

CREATE TABLE IF NOT EXISTS "omop"."observation" (
  "observation_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "observation_concept_id" INTEGER NOT NULL,
  "observation_date" DATE NOT NULL,
  "observation_datetime" TIMESTAMP,
  "observation_type_concept_id" INTEGER NOT NULL,
  "value_as_number" DOUBLE,
  "value_as_string" VARCHAR,
  "value_as_concept_id" INTEGER,
  "qualifier_concept_id" INTEGER,
  "unit_concept_id" INTEGER,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "observation_source_value" VARCHAR,
  "observation_source_concept_id" INTEGER,
  "unit_source_value" VARCHAR,
  "qualifier_source_value" VARCHAR,
  "value_source_value" VARCHAR,
  "observation_event_id" BIGINT,
  "obs_event_field_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."observation" IS 'Facts that no other table holds: answers, history, social facts.';

CREATE TABLE IF NOT EXISTS "omop"."death" (
  "person_id" BIGINT NOT NULL,
  "death_date" DATE NOT NULL,
  "death_datetime" TIMESTAMP,
  "death_type_concept_id" INTEGER,
  "cause_concept_id" INTEGER,
  "cause_source_value" VARCHAR,
  "cause_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."death" IS 'That and when a person died, at most one row each.';

CREATE TABLE IF NOT EXISTS "omop"."note" (
  "note_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "note_date" DATE NOT NULL,
  "note_datetime" TIMESTAMP,
  "note_type_concept_id" INTEGER NOT NULL,
  "note_class_concept_id" INTEGER NOT NULL,
  "note_title" VARCHAR,
  "note_text" VARCHAR NOT NULL,
  "encoding_concept_id" INTEGER NOT NULL,
  "language_concept_id" INTEGER NOT NULL,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "note_source_value" VARCHAR,
  "note_event_id" BIGINT,
  "note_event_field_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."note" IS 'A text written about a person.';

CREATE TABLE IF NOT EXISTS "omop"."note_nlp" (
  "note_nlp_id" BIGINT NOT NULL,
  "note_id" BIGINT NOT NULL,
  "section_concept_id" INTEGER,
  "snippet" VARCHAR,
  "offset" VARCHAR,
  "lexical_variant" VARCHAR NOT NULL,
  "note_nlp_concept_id" INTEGER,
  "note_nlp_source_concept_id" INTEGER,
  "nlp_system" VARCHAR,
  "nlp_date" DATE NOT NULL,
  "nlp_datetime" TIMESTAMP,
  "term_exists" VARCHAR,
  "term_temporal" VARCHAR,
  "term_modifiers" VARCHAR
);
COMMENT ON TABLE "omop"."note_nlp" IS 'A term found in a note by natural language processing.';

CREATE TABLE IF NOT EXISTS "omop"."specimen" (
  "specimen_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "specimen_concept_id" INTEGER NOT NULL,
  "specimen_type_concept_id" INTEGER NOT NULL,
  "specimen_date" DATE NOT NULL,
  "specimen_datetime" TIMESTAMP,
  "quantity" DOUBLE,
  "unit_concept_id" INTEGER,
  "anatomic_site_concept_id" INTEGER,
  "disease_status_concept_id" INTEGER,
  "specimen_source_id" VARCHAR,
  "specimen_source_value" VARCHAR,
  "unit_source_value" VARCHAR,
  "anatomic_site_source_value" VARCHAR,
  "disease_status_source_value" VARCHAR
);
COMMENT ON TABLE "omop"."specimen" IS 'A sample taken from a person.';

CREATE TABLE IF NOT EXISTS "omop"."fact_relationship" (
  "domain_concept_id_1" INTEGER NOT NULL,
  "fact_id_1" BIGINT NOT NULL,
  "domain_concept_id_2" INTEGER NOT NULL,
  "fact_id_2" BIGINT NOT NULL,
  "relationship_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."fact_relationship" IS 'A relation between two rows of any tables.';

CREATE TABLE IF NOT EXISTS "omop"."location" (
  "location_id" BIGINT NOT NULL,
  "address_1" VARCHAR,
  "address_2" VARCHAR,
  "city" VARCHAR,
  "state" VARCHAR,
  "zip" VARCHAR,
  "county" VARCHAR,
  "location_source_value" VARCHAR,
  "country_concept_id" INTEGER,
  "country_source_value" VARCHAR,
  "latitude" DOUBLE,
  "longitude" DOUBLE
);
COMMENT ON TABLE "omop"."location" IS 'An address or an area.';

CREATE TABLE IF NOT EXISTS "omop"."care_site" (
  "care_site_id" BIGINT NOT NULL,
  "care_site_name" VARCHAR,
  "place_of_service_concept_id" INTEGER,
  "location_id" BIGINT,
  "care_site_source_value" VARCHAR,
  "place_of_service_source_value" VARCHAR
);
COMMENT ON TABLE "omop"."care_site" IS 'A place where care is given.';

CREATE TABLE IF NOT EXISTS "omop"."provider" (
  "provider_id" BIGINT NOT NULL,
  "provider_name" VARCHAR,
  "npi" VARCHAR,
  "dea" VARCHAR,
  "specialty_concept_id" INTEGER,
  "care_site_id" BIGINT,
  "year_of_birth" INTEGER,
  "gender_concept_id" INTEGER,
  "provider_source_value" VARCHAR,
  "specialty_source_value" VARCHAR,
  "specialty_source_concept_id" INTEGER,
  "gender_source_value" VARCHAR,
  "gender_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."provider" IS 'A person who gives care.';

CREATE TABLE IF NOT EXISTS "omop"."payer_plan_period" (
  "payer_plan_period_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "payer_plan_period_start_date" DATE NOT NULL,
  "payer_plan_period_end_date" DATE NOT NULL,
  "payer_concept_id" INTEGER,
  "payer_source_value" VARCHAR,
  "payer_source_concept_id" INTEGER,
  "plan_concept_id" INTEGER,
  "plan_source_value" VARCHAR,
  "plan_source_concept_id" INTEGER,
  "sponsor_concept_id" INTEGER,
  "sponsor_source_value" VARCHAR,
  "sponsor_source_concept_id" INTEGER,
  "family_source_value" VARCHAR,
  "stop_reason_concept_id" INTEGER,
  "stop_reason_source_value" VARCHAR,
  "stop_reason_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."payer_plan_period" IS 'A span in which a person was covered by a plan of a payer.';

CREATE TABLE IF NOT EXISTS "omop"."cost" (
  "cost_id" BIGINT NOT NULL,
  "cost_event_id" BIGINT NOT NULL,
  "cost_domain_id" VARCHAR NOT NULL,
  "cost_type_concept_id" INTEGER NOT NULL,
  "currency_concept_id" INTEGER,
  "total_charge" DOUBLE,
  "total_cost" DOUBLE,
  "total_paid" DOUBLE,
  "paid_by_payer" DOUBLE,
  "paid_by_patient" DOUBLE,
  "paid_patient_copay" DOUBLE,
  "paid_patient_coinsurance" DOUBLE,
  "paid_patient_deductible" DOUBLE,
  "paid_by_primary" DOUBLE,
  "paid_ingredient_cost" DOUBLE,
  "paid_dispensing_fee" DOUBLE,
  "payer_plan_period_id" BIGINT,
  "amount_allowed" DOUBLE,
  "revenue_code_concept_id" INTEGER,
  "revenue_code_source_value" VARCHAR,
  "drg_concept_id" INTEGER,
  "drg_source_value" VARCHAR
);
COMMENT ON TABLE "omop"."cost" IS 'What an event cost, and who paid.';

CREATE TABLE IF NOT EXISTS "omop"."drug_era" (
  "drug_era_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "drug_concept_id" INTEGER NOT NULL,
  "drug_era_start_date" DATE NOT NULL,
  "drug_era_end_date" DATE NOT NULL,
  "drug_exposure_count" INTEGER,
  "gap_days" INTEGER
);
COMMENT ON TABLE "omop"."drug_era" IS 'A span in which a person is taken to be exposed to one ingredient.';

CREATE TABLE IF NOT EXISTS "omop"."dose_era" (
  "dose_era_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "drug_concept_id" INTEGER NOT NULL,
  "unit_concept_id" INTEGER NOT NULL,
  "dose_value" DOUBLE NOT NULL,
  "dose_era_start_date" DATE NOT NULL,
  "dose_era_end_date" DATE NOT NULL
);
COMMENT ON TABLE "omop"."dose_era" IS 'A span in which a person is taken to be exposed to a constant dose of one ingredient.';

CREATE TABLE IF NOT EXISTS "omop"."condition_era" (
  "condition_era_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "condition_concept_id" INTEGER NOT NULL,
  "condition_era_start_date" DATE NOT NULL,
  "condition_era_end_date" DATE NOT NULL,
  "condition_occurrence_count" INTEGER
);
COMMENT ON TABLE "omop"."condition_era" IS 'A span in which a person is taken to have one condition.';

CREATE TABLE IF NOT EXISTS "omop"."episode" (
  "episode_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "episode_concept_id" INTEGER NOT NULL,
  "episode_start_date" DATE NOT NULL,
  "episode_start_datetime" TIMESTAMP,
  "episode_end_date" DATE,
  "episode_end_datetime" TIMESTAMP,
  "episode_parent_id" BIGINT,
  "episode_number" INTEGER,
  "episode_object_concept_id" INTEGER NOT NULL,
  "episode_type_concept_id" INTEGER NOT NULL,
  "episode_source_value" VARCHAR,
  "episode_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."episode" IS 'A phase of disease or treatment made up of several events.';

CREATE TABLE IF NOT EXISTS "omop"."episode_event" (
  "episode_id" BIGINT NOT NULL,
  "event_id" BIGINT NOT NULL,
  "episode_event_field_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."episode_event" IS 'The events that make up an episode.';

CREATE TABLE IF NOT EXISTS "omop"."metadata" (
  "metadata_id" BIGINT NOT NULL,
  "metadata_concept_id" INTEGER NOT NULL,
  "metadata_type_concept_id" INTEGER NOT NULL,
  "name" VARCHAR NOT NULL,
  "value_as_string" VARCHAR,
  "value_as_concept_id" INTEGER,
  "value_as_number" DOUBLE,
  "metadata_date" DATE,
  "metadata_datetime" TIMESTAMP
);
COMMENT ON TABLE "omop"."metadata" IS 'Facts about the database as a whole.';

CREATE TABLE IF NOT EXISTS "omop"."cdm_source" (
  "cdm_source_name" VARCHAR NOT NULL,
  "cdm_source_abbreviation" VARCHAR NOT NULL,
  "cdm_holder" VARCHAR NOT NULL,
  "source_description" VARCHAR,
  "source_documentation_reference" VARCHAR,
  "cdm_etl_reference" VARCHAR,
  "source_release_date" DATE NOT NULL,
  "cdm_release_date" DATE NOT NULL,
  "cdm_version" VARCHAR,
  "cdm_version_concept_id" INTEGER NOT NULL,
  "vocabulary_version" VARCHAR NOT NULL
);
COMMENT ON TABLE "omop"."cdm_source" IS 'Where the data come from, and which versions of CDM and vocabulary hold.';

CREATE TABLE IF NOT EXISTS "omop"."concept" (
  "concept_id" INTEGER NOT NULL,
  "concept_name" VARCHAR NOT NULL,
  "domain_id" VARCHAR NOT NULL,
  "vocabulary_id" VARCHAR NOT NULL,
  "concept_class_id" VARCHAR NOT NULL,
  "standard_concept" VARCHAR,
  "concept_code" VARCHAR NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR
);
COMMENT ON TABLE "omop"."concept" IS 'Every code of every vocabulary under its OMOP id.';

CREATE TABLE IF NOT EXISTS "omop"."vocabulary" (
  "vocabulary_id" VARCHAR NOT NULL,
  "vocabulary_name" VARCHAR NOT NULL,
  "vocabulary_reference" VARCHAR,
  "vocabulary_version" VARCHAR,
  "vocabulary_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."vocabulary" IS 'The vocabularies, with their versions.';

CREATE TABLE IF NOT EXISTS "omop"."domain" (
  "domain_id" VARCHAR NOT NULL,
  "domain_name" VARCHAR NOT NULL,
  "domain_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."domain" IS 'The domains of concepts, which choose the table of an event.';

CREATE TABLE IF NOT EXISTS "omop"."concept_class" (
  "concept_class_id" VARCHAR NOT NULL,
  "concept_class_name" VARCHAR NOT NULL,
  "concept_class_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_class" IS 'The classes of concepts within their vocabularies.';

CREATE TABLE IF NOT EXISTS "omop"."concept_relationship" (
  "concept_id_1" INTEGER NOT NULL,
  "concept_id_2" INTEGER NOT NULL,
  "relationship_id" VARCHAR NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR
);
COMMENT ON TABLE "omop"."concept_relationship" IS 'How two concepts are related; Maps to leads from source to standard.';

CREATE TABLE IF NOT EXISTS "omop"."relationship" (
  "relationship_id" VARCHAR NOT NULL,
  "relationship_name" VARCHAR NOT NULL,
  "is_hierarchical" VARCHAR NOT NULL,
  "defines_ancestry" VARCHAR NOT NULL,
  "reverse_relationship_id" VARCHAR NOT NULL,
  "relationship_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."relationship" IS 'The kinds of relation between concepts.';

CREATE TABLE IF NOT EXISTS "omop"."concept_synonym" (
  "concept_id" INTEGER NOT NULL,
  "concept_synonym_name" VARCHAR NOT NULL,
  "language_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_synonym" IS 'Other names of concepts.';

CREATE TABLE IF NOT EXISTS "omop"."concept_ancestor" (
  "ancestor_concept_id" INTEGER NOT NULL,
  "descendant_concept_id" INTEGER NOT NULL,
  "min_levels_of_separation" INTEGER NOT NULL,
  "max_levels_of_separation" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_ancestor" IS 'Every ancestor of every standard concept, with the distance.';

CREATE TABLE IF NOT EXISTS "omop"."source_to_concept_map" (
  "source_code" VARCHAR NOT NULL,
  "source_concept_id" INTEGER NOT NULL,
  "source_vocabulary_id" VARCHAR NOT NULL,
  "source_code_description" VARCHAR,
  "target_concept_id" INTEGER NOT NULL,
  "target_vocabulary_id" VARCHAR NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR
);
COMMENT ON TABLE "omop"."source_to_concept_map" IS 'Codes of a source that no vocabulary has, and their concepts.';

CREATE TABLE IF NOT EXISTS "omop"."drug_strength" (
  "drug_concept_id" INTEGER NOT NULL,
  "ingredient_concept_id" INTEGER NOT NULL,
  "amount_value" DOUBLE,
  "amount_unit_concept_id" INTEGER,
  "numerator_value" DOUBLE,
  "numerator_unit_concept_id" INTEGER,
  "denominator_value" DOUBLE,
  "denominator_unit_concept_id" INTEGER,
  "box_size" INTEGER,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR
);
COMMENT ON TABLE "omop"."drug_strength" IS 'Amounts of the ingredients of drugs.';

CREATE TABLE IF NOT EXISTS "omop"."cohort" (
  "cohort_definition_id" BIGINT NOT NULL,
  "subject_id" BIGINT NOT NULL,
  "cohort_start_date" DATE NOT NULL,
  "cohort_end_date" DATE NOT NULL
);
COMMENT ON TABLE "omop"."cohort" IS 'Persons in a cohort, with the dates of entry and exit.';

CREATE TABLE IF NOT EXISTS "omop"."cohort_definition" (
  "cohort_definition_id" BIGINT NOT NULL,
  "cohort_definition_name" VARCHAR NOT NULL,
  "cohort_definition_description" VARCHAR,
  "definition_type_concept_id" INTEGER NOT NULL,
  "cohort_definition_syntax" VARCHAR,
  "subject_concept_id" INTEGER NOT NULL,
  "cohort_initiation_date" DATE
);
COMMENT ON TABLE "omop"."cohort_definition" IS 'What a cohort is.';

CREATE TABLE IF NOT EXISTS "omop"."image_occurrence" (
  "image_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "visit_occurrence_id" BIGINT,
  "procedure_occurrence_id" BIGINT NOT NULL,
  "wadors_uri" VARCHAR,
  "local_path" VARCHAR,
  "image_occurrence_date" DATE NOT NULL,
  "image_study_uid" VARCHAR NOT NULL,
  "image_series_uid" VARCHAR NOT NULL,
  "modality_concept_id" INTEGER NOT NULL,
  "anatomic_site_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."image_occurrence" IS 'One row for each DICOM series (imaging extension).';

CREATE TABLE IF NOT EXISTS "omop"."image_feature" (
  "image_feature_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "image_occurrence_id" BIGINT NOT NULL,
  "image_feature_concept_id" INTEGER NOT NULL,
  "image_feature_type_concept_id" INTEGER NOT NULL,
  "image_feature_event_field_concept_id" INTEGER,
  "image_feature_event_id" BIGINT,
  "image_finding_concept_id" INTEGER,
  "image_finding_id" BIGINT,
  "anatomic_site_concept_id" INTEGER,
  "alg_system" VARCHAR,
  "alg_datetime" TIMESTAMP
);
COMMENT ON TABLE "omop"."image_feature" IS 'A finding or measure taken from an image (imaging extension).';
