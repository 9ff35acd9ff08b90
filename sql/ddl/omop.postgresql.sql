-- Generated from schemas/omop.yaml by `python -m harmonize.schema.ddl`; do not edit.

CREATE SCHEMA IF NOT EXISTS "omop";

CREATE TABLE "omop"."person" (
  "person_id" BIGINT NOT NULL,
  "gender_concept_id" INTEGER NOT NULL,
  "year_of_birth" INTEGER NOT NULL,
  "month_of_birth" INTEGER,
  "day_of_birth" INTEGER,
  "birth_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "race_concept_id" INTEGER NOT NULL,
  "ethnicity_concept_id" INTEGER NOT NULL,
  "location_id" BIGINT,
  "provider_id" BIGINT,
  "care_site_id" BIGINT,
  "person_source_value" VARCHAR(50),
  "gender_source_value" VARCHAR(50),
  "gender_source_concept_id" INTEGER,
  "race_source_value" VARCHAR(50),
  "race_source_concept_id" INTEGER,
  "ethnicity_source_value" VARCHAR(50),
  "ethnicity_source_concept_id" INTEGER,
  PRIMARY KEY ("person_id")
);
COMMENT ON TABLE "omop"."person" IS 'One row for each person, with sex, year of birth, race and ethnicity.';

CREATE TABLE "omop"."observation_period" (
  "observation_period_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "observation_period_start_date" DATE NOT NULL,
  "observation_period_end_date" DATE NOT NULL,
  "period_type_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("observation_period_id")
);
COMMENT ON TABLE "omop"."observation_period" IS 'Spans of time in which events of a person would have been recorded.';

CREATE TABLE "omop"."visit_occurrence" (
  "visit_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "visit_concept_id" INTEGER NOT NULL,
  "visit_start_date" DATE NOT NULL,
  "visit_start_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "visit_end_date" DATE NOT NULL,
  "visit_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "visit_type_concept_id" INTEGER NOT NULL,
  "provider_id" BIGINT,
  "care_site_id" BIGINT,
  "visit_source_value" VARCHAR(50),
  "visit_source_concept_id" INTEGER,
  "admitted_from_concept_id" INTEGER,
  "admitted_from_source_value" VARCHAR(50),
  "discharged_to_concept_id" INTEGER,
  "discharged_to_source_value" VARCHAR(50),
  "preceding_visit_occurrence_id" BIGINT,
  PRIMARY KEY ("visit_occurrence_id")
);
COMMENT ON TABLE "omop"."visit_occurrence" IS 'A stay or contact of a person with a provider of care.';

CREATE TABLE "omop"."visit_detail" (
  "visit_detail_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "visit_detail_concept_id" INTEGER NOT NULL,
  "visit_detail_start_date" DATE NOT NULL,
  "visit_detail_start_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "visit_detail_end_date" DATE NOT NULL,
  "visit_detail_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "visit_detail_type_concept_id" INTEGER NOT NULL,
  "provider_id" BIGINT,
  "care_site_id" BIGINT,
  "visit_detail_source_value" VARCHAR(50),
  "visit_detail_source_concept_id" INTEGER,
  "admitted_from_concept_id" INTEGER,
  "admitted_from_source_value" VARCHAR(50),
  "discharged_to_source_value" VARCHAR(50),
  "discharged_to_concept_id" INTEGER,
  "preceding_visit_detail_id" BIGINT,
  "parent_visit_detail_id" BIGINT,
  "visit_occurrence_id" BIGINT NOT NULL,
  PRIMARY KEY ("visit_detail_id")
);
COMMENT ON TABLE "omop"."visit_detail" IS 'A part of a visit, such as a stay in intensive care.';

CREATE TABLE "omop"."condition_occurrence" (
  "condition_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "condition_concept_id" INTEGER NOT NULL,
  "condition_start_date" DATE NOT NULL,
  "condition_start_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "condition_end_date" DATE,
  "condition_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "condition_type_concept_id" INTEGER NOT NULL,
  "condition_status_concept_id" INTEGER,
  "stop_reason" VARCHAR(20),
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "condition_source_value" VARCHAR(50),
  "condition_source_concept_id" INTEGER,
  "condition_status_source_value" VARCHAR(50),
  PRIMARY KEY ("condition_occurrence_id")
);
COMMENT ON TABLE "omop"."condition_occurrence" IS 'A disease, sign or symptom of a person.';

CREATE TABLE "omop"."drug_exposure" (
  "drug_exposure_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "drug_concept_id" INTEGER NOT NULL,
  "drug_exposure_start_date" DATE NOT NULL,
  "drug_exposure_start_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "drug_exposure_end_date" DATE NOT NULL,
  "drug_exposure_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "verbatim_end_date" DATE,
  "drug_type_concept_id" INTEGER NOT NULL,
  "stop_reason" VARCHAR(20),
  "refills" INTEGER,
  "quantity" NUMERIC,
  "days_supply" INTEGER,
  "sig" TEXT,
  "route_concept_id" INTEGER,
  "lot_number" VARCHAR(50),
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "drug_source_value" VARCHAR(50),
  "drug_source_concept_id" INTEGER,
  "route_source_value" VARCHAR(50),
  "dose_unit_source_value" VARCHAR(50),
  PRIMARY KEY ("drug_exposure_id")
);
COMMENT ON TABLE "omop"."drug_exposure" IS 'A drug, vaccine or biologic that was ordered, dispensed, given or reported.';

CREATE TABLE "omop"."procedure_occurrence" (
  "procedure_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "procedure_concept_id" INTEGER NOT NULL,
  "procedure_date" DATE NOT NULL,
  "procedure_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "procedure_end_date" DATE,
  "procedure_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "procedure_type_concept_id" INTEGER NOT NULL,
  "modifier_concept_id" INTEGER,
  "quantity" INTEGER,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "procedure_source_value" VARCHAR(50),
  "procedure_source_concept_id" INTEGER,
  "modifier_source_value" VARCHAR(50),
  PRIMARY KEY ("procedure_occurrence_id")
);
COMMENT ON TABLE "omop"."procedure_occurrence" IS 'Something done to a person to diagnose or to treat; imaging studies included.';

CREATE TABLE "omop"."device_exposure" (
  "device_exposure_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "device_concept_id" INTEGER NOT NULL,
  "device_exposure_start_date" DATE NOT NULL,
  "device_exposure_start_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "device_exposure_end_date" DATE,
  "device_exposure_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "device_type_concept_id" INTEGER NOT NULL,
  "unique_device_id" VARCHAR(255),
  "production_id" VARCHAR(255),
  "quantity" INTEGER,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "device_source_value" VARCHAR(50),
  "device_source_concept_id" INTEGER,
  "unit_concept_id" INTEGER,
  "unit_source_value" VARCHAR(50),
  "unit_source_concept_id" INTEGER,
  PRIMARY KEY ("device_exposure_id")
);
COMMENT ON TABLE "omop"."device_exposure" IS 'A device or supply used on a person.';

CREATE TABLE "omop"."measurement" (
  "measurement_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "measurement_concept_id" INTEGER NOT NULL,
  "measurement_date" DATE NOT NULL,
  "measurement_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "measurement_time" VARCHAR(10),
  "measurement_type_concept_id" INTEGER NOT NULL,
  "operator_concept_id" INTEGER,
  "value_as_number" NUMERIC,
  "value_as_concept_id" INTEGER,
  "unit_concept_id" INTEGER,
  "range_low" NUMERIC,
  "range_high" NUMERIC,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "measurement_source_value" VARCHAR(50),
  "measurement_source_concept_id" INTEGER,
  "unit_source_value" VARCHAR(50),
  "unit_source_concept_id" INTEGER,
  "value_source_value" VARCHAR(50),
  "measurement_event_id" BIGINT,
  "meas_event_field_concept_id" INTEGER,
  PRIMARY KEY ("measurement_id")
);
COMMENT ON TABLE "omop"."measurement" IS 'The result of a test or examination: laboratory, vital signs, scores.';

CREATE TABLE "omop"."observation" (
  "observation_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "observation_concept_id" INTEGER NOT NULL,
  "observation_date" DATE NOT NULL,
  "observation_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "observation_type_concept_id" INTEGER NOT NULL,
  "value_as_number" NUMERIC,
  "value_as_string" VARCHAR(60),
  "value_as_concept_id" INTEGER,
  "qualifier_concept_id" INTEGER,
  "unit_concept_id" INTEGER,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "observation_source_value" VARCHAR(50),
  "observation_source_concept_id" INTEGER,
  "unit_source_value" VARCHAR(50),
  "qualifier_source_value" VARCHAR(50),
  "value_source_value" VARCHAR(50),
  "observation_event_id" BIGINT,
  "obs_event_field_concept_id" INTEGER,
  PRIMARY KEY ("observation_id")
);
COMMENT ON TABLE "omop"."observation" IS 'Facts that no other table holds: answers, history, social facts.';

CREATE TABLE "omop"."death" (
  "person_id" BIGINT NOT NULL,
  "death_date" DATE NOT NULL,
  "death_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "death_type_concept_id" INTEGER,
  "cause_concept_id" INTEGER,
  "cause_source_value" VARCHAR(50),
  "cause_source_concept_id" INTEGER
);
COMMENT ON TABLE "omop"."death" IS 'That and when a person died, at most one row each.';

CREATE TABLE "omop"."note" (
  "note_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "note_date" DATE NOT NULL,
  "note_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "note_type_concept_id" INTEGER NOT NULL,
  "note_class_concept_id" INTEGER NOT NULL,
  "note_title" VARCHAR(250),
  "note_text" TEXT NOT NULL,
  "encoding_concept_id" INTEGER NOT NULL,
  "language_concept_id" INTEGER NOT NULL,
  "provider_id" BIGINT,
  "visit_occurrence_id" BIGINT,
  "visit_detail_id" BIGINT,
  "note_source_value" VARCHAR(50),
  "note_event_id" BIGINT,
  "note_event_field_concept_id" INTEGER,
  PRIMARY KEY ("note_id")
);
COMMENT ON TABLE "omop"."note" IS 'A text written about a person.';

CREATE TABLE "omop"."note_nlp" (
  "note_nlp_id" BIGINT NOT NULL,
  "note_id" BIGINT NOT NULL,
  "section_concept_id" INTEGER,
  "snippet" VARCHAR(250),
  "offset" VARCHAR(50),
  "lexical_variant" VARCHAR(250) NOT NULL,
  "note_nlp_concept_id" INTEGER,
  "note_nlp_source_concept_id" INTEGER,
  "nlp_system" VARCHAR(250),
  "nlp_date" DATE NOT NULL,
  "nlp_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "term_exists" VARCHAR(1),
  "term_temporal" VARCHAR(50),
  "term_modifiers" VARCHAR(2000),
  PRIMARY KEY ("note_nlp_id")
);
COMMENT ON TABLE "omop"."note_nlp" IS 'A term found in a note by natural language processing.';

CREATE TABLE "omop"."specimen" (
  "specimen_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "specimen_concept_id" INTEGER NOT NULL,
  "specimen_type_concept_id" INTEGER NOT NULL,
  "specimen_date" DATE NOT NULL,
  "specimen_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "quantity" NUMERIC,
  "unit_concept_id" INTEGER,
  "anatomic_site_concept_id" INTEGER,
  "disease_status_concept_id" INTEGER,
  "specimen_source_id" VARCHAR(50),
  "specimen_source_value" VARCHAR(50),
  "unit_source_value" VARCHAR(50),
  "anatomic_site_source_value" VARCHAR(50),
  "disease_status_source_value" VARCHAR(50),
  PRIMARY KEY ("specimen_id")
);
COMMENT ON TABLE "omop"."specimen" IS 'A sample taken from a person.';

CREATE TABLE "omop"."fact_relationship" (
  "domain_concept_id_1" INTEGER NOT NULL,
  "fact_id_1" BIGINT NOT NULL,
  "domain_concept_id_2" INTEGER NOT NULL,
  "fact_id_2" BIGINT NOT NULL,
  "relationship_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."fact_relationship" IS 'A relation between two rows of any tables.';

CREATE TABLE "omop"."location" (
  "location_id" BIGINT NOT NULL,
  "address_1" VARCHAR(50),
  "address_2" VARCHAR(50),
  "city" VARCHAR(50),
  "state" VARCHAR(2),
  "zip" VARCHAR(9),
  "county" VARCHAR(20),
  "location_source_value" VARCHAR(50),
  "country_concept_id" INTEGER,
  "country_source_value" VARCHAR(80),
  "latitude" NUMERIC,
  "longitude" NUMERIC,
  PRIMARY KEY ("location_id")
);
COMMENT ON TABLE "omop"."location" IS 'An address or an area.';

CREATE TABLE "omop"."care_site" (
  "care_site_id" BIGINT NOT NULL,
  "care_site_name" VARCHAR(255),
  "place_of_service_concept_id" INTEGER,
  "location_id" BIGINT,
  "care_site_source_value" VARCHAR(50),
  "place_of_service_source_value" VARCHAR(50),
  PRIMARY KEY ("care_site_id")
);
COMMENT ON TABLE "omop"."care_site" IS 'A place where care is given.';

CREATE TABLE "omop"."provider" (
  "provider_id" BIGINT NOT NULL,
  "provider_name" VARCHAR(255),
  "npi" VARCHAR(20),
  "dea" VARCHAR(20),
  "specialty_concept_id" INTEGER,
  "care_site_id" BIGINT,
  "year_of_birth" INTEGER,
  "gender_concept_id" INTEGER,
  "provider_source_value" VARCHAR(50),
  "specialty_source_value" VARCHAR(50),
  "specialty_source_concept_id" INTEGER,
  "gender_source_value" VARCHAR(50),
  "gender_source_concept_id" INTEGER,
  PRIMARY KEY ("provider_id")
);
COMMENT ON TABLE "omop"."provider" IS 'A person who gives care.';

CREATE TABLE "omop"."payer_plan_period" (
  "payer_plan_period_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "payer_plan_period_start_date" DATE NOT NULL,
  "payer_plan_period_end_date" DATE NOT NULL,
  "payer_concept_id" INTEGER,
  "payer_source_value" VARCHAR(50),
  "payer_source_concept_id" INTEGER,
  "plan_concept_id" INTEGER,
  "plan_source_value" VARCHAR(50),
  "plan_source_concept_id" INTEGER,
  "sponsor_concept_id" INTEGER,
  "sponsor_source_value" VARCHAR(50),
  "sponsor_source_concept_id" INTEGER,
  "family_source_value" VARCHAR(50),
  "stop_reason_concept_id" INTEGER,
  "stop_reason_source_value" VARCHAR(50),
  "stop_reason_source_concept_id" INTEGER,
  PRIMARY KEY ("payer_plan_period_id")
);
COMMENT ON TABLE "omop"."payer_plan_period" IS 'A span in which a person was covered by a plan of a payer.';

CREATE TABLE "omop"."cost" (
  "cost_id" BIGINT NOT NULL,
  "cost_event_id" BIGINT NOT NULL,
  "cost_domain_id" VARCHAR(20) NOT NULL,
  "cost_type_concept_id" INTEGER NOT NULL,
  "currency_concept_id" INTEGER,
  "total_charge" NUMERIC,
  "total_cost" NUMERIC,
  "total_paid" NUMERIC,
  "paid_by_payer" NUMERIC,
  "paid_by_patient" NUMERIC,
  "paid_patient_copay" NUMERIC,
  "paid_patient_coinsurance" NUMERIC,
  "paid_patient_deductible" NUMERIC,
  "paid_by_primary" NUMERIC,
  "paid_ingredient_cost" NUMERIC,
  "paid_dispensing_fee" NUMERIC,
  "payer_plan_period_id" BIGINT,
  "amount_allowed" NUMERIC,
  "revenue_code_concept_id" INTEGER,
  "revenue_code_source_value" VARCHAR(50),
  "drg_concept_id" INTEGER,
  "drg_source_value" VARCHAR(3),
  PRIMARY KEY ("cost_id")
);
COMMENT ON TABLE "omop"."cost" IS 'What an event cost, and who paid.';

CREATE TABLE "omop"."drug_era" (
  "drug_era_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "drug_concept_id" INTEGER NOT NULL,
  "drug_era_start_date" DATE NOT NULL,
  "drug_era_end_date" DATE NOT NULL,
  "drug_exposure_count" INTEGER,
  "gap_days" INTEGER,
  PRIMARY KEY ("drug_era_id")
);
COMMENT ON TABLE "omop"."drug_era" IS 'A span in which a person is taken to be exposed to one ingredient.';

CREATE TABLE "omop"."dose_era" (
  "dose_era_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "drug_concept_id" INTEGER NOT NULL,
  "unit_concept_id" INTEGER NOT NULL,
  "dose_value" NUMERIC NOT NULL,
  "dose_era_start_date" DATE NOT NULL,
  "dose_era_end_date" DATE NOT NULL,
  PRIMARY KEY ("dose_era_id")
);
COMMENT ON TABLE "omop"."dose_era" IS 'A span in which a person is taken to be exposed to a constant dose of one ingredient.';

CREATE TABLE "omop"."condition_era" (
  "condition_era_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "condition_concept_id" INTEGER NOT NULL,
  "condition_era_start_date" DATE NOT NULL,
  "condition_era_end_date" DATE NOT NULL,
  "condition_occurrence_count" INTEGER,
  PRIMARY KEY ("condition_era_id")
);
COMMENT ON TABLE "omop"."condition_era" IS 'A span in which a person is taken to have one condition.';

CREATE TABLE "omop"."episode" (
  "episode_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "episode_concept_id" INTEGER NOT NULL,
  "episode_start_date" DATE NOT NULL,
  "episode_start_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "episode_end_date" DATE,
  "episode_end_datetime" TIMESTAMP WITHOUT TIME ZONE,
  "episode_parent_id" BIGINT,
  "episode_number" INTEGER,
  "episode_object_concept_id" INTEGER NOT NULL,
  "episode_type_concept_id" INTEGER NOT NULL,
  "episode_source_value" VARCHAR(50),
  "episode_source_concept_id" INTEGER,
  PRIMARY KEY ("episode_id")
);
COMMENT ON TABLE "omop"."episode" IS 'A phase of disease or treatment made up of several events.';

CREATE TABLE "omop"."episode_event" (
  "episode_id" BIGINT NOT NULL,
  "event_id" BIGINT NOT NULL,
  "episode_event_field_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."episode_event" IS 'The events that make up an episode.';

CREATE TABLE "omop"."metadata" (
  "metadata_id" BIGINT NOT NULL,
  "metadata_concept_id" INTEGER NOT NULL,
  "metadata_type_concept_id" INTEGER NOT NULL,
  "name" VARCHAR(250) NOT NULL,
  "value_as_string" VARCHAR(250),
  "value_as_concept_id" INTEGER,
  "value_as_number" NUMERIC,
  "metadata_date" DATE,
  "metadata_datetime" TIMESTAMP WITHOUT TIME ZONE,
  PRIMARY KEY ("metadata_id")
);
COMMENT ON TABLE "omop"."metadata" IS 'Facts about the database as a whole.';

CREATE TABLE "omop"."cdm_source" (
  "cdm_source_name" VARCHAR(255) NOT NULL,
  "cdm_source_abbreviation" VARCHAR(25) NOT NULL,
  "cdm_holder" VARCHAR(255) NOT NULL,
  "source_description" TEXT,
  "source_documentation_reference" VARCHAR(255),
  "cdm_etl_reference" VARCHAR(255),
  "source_release_date" DATE NOT NULL,
  "cdm_release_date" DATE NOT NULL,
  "cdm_version" VARCHAR(10),
  "cdm_version_concept_id" INTEGER NOT NULL,
  "vocabulary_version" VARCHAR(20) NOT NULL
);
COMMENT ON TABLE "omop"."cdm_source" IS 'Where the data come from, and which versions of CDM and vocabulary hold.';

CREATE TABLE "omop"."concept" (
  "concept_id" INTEGER NOT NULL,
  "concept_name" VARCHAR(255) NOT NULL,
  "domain_id" VARCHAR(20) NOT NULL,
  "vocabulary_id" VARCHAR(20) NOT NULL,
  "concept_class_id" VARCHAR(20) NOT NULL,
  "standard_concept" VARCHAR(1),
  "concept_code" VARCHAR(50) NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR(1),
  PRIMARY KEY ("concept_id")
);
COMMENT ON TABLE "omop"."concept" IS 'Every code of every vocabulary under its OMOP id.';

CREATE TABLE "omop"."vocabulary" (
  "vocabulary_id" VARCHAR(20) NOT NULL,
  "vocabulary_name" VARCHAR(255) NOT NULL,
  "vocabulary_reference" VARCHAR(255),
  "vocabulary_version" VARCHAR(255),
  "vocabulary_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("vocabulary_id")
);
COMMENT ON TABLE "omop"."vocabulary" IS 'The vocabularies, with their versions.';

CREATE TABLE "omop"."domain" (
  "domain_id" VARCHAR(20) NOT NULL,
  "domain_name" VARCHAR(255) NOT NULL,
  "domain_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("domain_id")
);
COMMENT ON TABLE "omop"."domain" IS 'The domains of concepts, which choose the table of an event.';

CREATE TABLE "omop"."concept_class" (
  "concept_class_id" VARCHAR(20) NOT NULL,
  "concept_class_name" VARCHAR(255) NOT NULL,
  "concept_class_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("concept_class_id")
);
COMMENT ON TABLE "omop"."concept_class" IS 'The classes of concepts within their vocabularies.';

CREATE TABLE "omop"."concept_relationship" (
  "concept_id_1" INTEGER NOT NULL,
  "concept_id_2" INTEGER NOT NULL,
  "relationship_id" VARCHAR(20) NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR(1)
);
COMMENT ON TABLE "omop"."concept_relationship" IS 'How two concepts are related; Maps to leads from source to standard.';

CREATE TABLE "omop"."relationship" (
  "relationship_id" VARCHAR(20) NOT NULL,
  "relationship_name" VARCHAR(255) NOT NULL,
  "is_hierarchical" VARCHAR(1) NOT NULL,
  "defines_ancestry" VARCHAR(1) NOT NULL,
  "reverse_relationship_id" VARCHAR(20) NOT NULL,
  "relationship_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("relationship_id")
);
COMMENT ON TABLE "omop"."relationship" IS 'The kinds of relation between concepts.';

CREATE TABLE "omop"."concept_synonym" (
  "concept_id" INTEGER NOT NULL,
  "concept_synonym_name" VARCHAR(1000) NOT NULL,
  "language_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_synonym" IS 'Other names of concepts.';

CREATE TABLE "omop"."concept_ancestor" (
  "ancestor_concept_id" INTEGER NOT NULL,
  "descendant_concept_id" INTEGER NOT NULL,
  "min_levels_of_separation" INTEGER NOT NULL,
  "max_levels_of_separation" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_ancestor" IS 'Every ancestor of every standard concept, with the distance.';

CREATE TABLE "omop"."source_to_concept_map" (
  "source_code" VARCHAR(50) NOT NULL,
  "source_concept_id" INTEGER NOT NULL,
  "source_vocabulary_id" VARCHAR(20) NOT NULL,
  "source_code_description" VARCHAR(255),
  "target_concept_id" INTEGER NOT NULL,
  "target_vocabulary_id" VARCHAR(20) NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR(1)
);
COMMENT ON TABLE "omop"."source_to_concept_map" IS 'Codes of a source that no vocabulary has, and their concepts.';

CREATE TABLE "omop"."drug_strength" (
  "drug_concept_id" INTEGER NOT NULL,
  "ingredient_concept_id" INTEGER NOT NULL,
  "amount_value" NUMERIC,
  "amount_unit_concept_id" INTEGER,
  "numerator_value" NUMERIC,
  "numerator_unit_concept_id" INTEGER,
  "denominator_value" NUMERIC,
  "denominator_unit_concept_id" INTEGER,
  "box_size" INTEGER,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR(1)
);
COMMENT ON TABLE "omop"."drug_strength" IS 'Amounts of the ingredients of drugs.';

CREATE TABLE "omop"."cohort" (
  "cohort_definition_id" BIGINT NOT NULL,
  "subject_id" BIGINT NOT NULL,
  "cohort_start_date" DATE NOT NULL,
  "cohort_end_date" DATE NOT NULL
);
COMMENT ON TABLE "omop"."cohort" IS 'Persons in a cohort, with the dates of entry and exit.';

CREATE TABLE "omop"."cohort_definition" (
  "cohort_definition_id" BIGINT NOT NULL,
  "cohort_definition_name" VARCHAR(255) NOT NULL,
  "cohort_definition_description" TEXT,
  "definition_type_concept_id" INTEGER NOT NULL,
  "cohort_definition_syntax" TEXT,
  "subject_concept_id" INTEGER NOT NULL,
  "cohort_initiation_date" DATE
);
COMMENT ON TABLE "omop"."cohort_definition" IS 'What a cohort is.';

CREATE TABLE "omop"."image_occurrence" (
  "image_occurrence_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "visit_occurrence_id" BIGINT,
  "procedure_occurrence_id" BIGINT NOT NULL,
  "wadors_uri" TEXT,
  "local_path" TEXT,
  "image_occurrence_date" DATE NOT NULL,
  "image_study_uid" VARCHAR(250) NOT NULL,
  "image_series_uid" VARCHAR(250) NOT NULL,
  "modality_concept_id" INTEGER NOT NULL,
  "anatomic_site_concept_id" INTEGER,
  PRIMARY KEY ("image_occurrence_id")
);
COMMENT ON TABLE "omop"."image_occurrence" IS 'One row for each DICOM series (imaging extension).';

CREATE TABLE "omop"."image_feature" (
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
  "alg_system" TEXT,
  "alg_datetime" TIMESTAMP WITHOUT TIME ZONE,
  PRIMARY KEY ("image_feature_id")
);
COMMENT ON TABLE "omop"."image_feature" IS 'A finding or measure taken from an image (imaging extension).';

CREATE INDEX idx_person_ethnicity_concept_id ON "omop"."person" ("ethnicity_concept_id");
CREATE INDEX idx_person_gender_concept_id ON "omop"."person" ("gender_concept_id");
CREATE INDEX idx_person_race_concept_id ON "omop"."person" ("race_concept_id");

CREATE INDEX idx_observation_period_person_id ON "omop"."observation_period" ("person_id");

CREATE INDEX idx_visit_occurrence_person_id ON "omop"."visit_occurrence" ("person_id");
CREATE INDEX idx_visit_occurrence_visit_concept_id ON "omop"."visit_occurrence" ("visit_concept_id");

CREATE INDEX idx_visit_detail_person_id ON "omop"."visit_detail" ("person_id");
CREATE INDEX idx_visit_detail_visit_detail_concept_id ON "omop"."visit_detail" ("visit_detail_concept_id");
CREATE INDEX idx_visit_detail_visit_occurrence_id ON "omop"."visit_detail" ("visit_occurrence_id");

CREATE INDEX idx_condition_occurrence_condition_concept_id ON "omop"."condition_occurrence" ("condition_concept_id");
CREATE INDEX idx_condition_occurrence_person_id ON "omop"."condition_occurrence" ("person_id");
CREATE INDEX idx_condition_occurrence_visit_occurrence_id ON "omop"."condition_occurrence" ("visit_occurrence_id");

CREATE INDEX idx_drug_exposure_drug_concept_id ON "omop"."drug_exposure" ("drug_concept_id");
CREATE INDEX idx_drug_exposure_person_id ON "omop"."drug_exposure" ("person_id");
CREATE INDEX idx_drug_exposure_visit_occurrence_id ON "omop"."drug_exposure" ("visit_occurrence_id");

CREATE INDEX idx_procedure_occurrence_person_id ON "omop"."procedure_occurrence" ("person_id");
CREATE INDEX idx_procedure_occurrence_procedure_concept_id ON "omop"."procedure_occurrence" ("procedure_concept_id");
CREATE INDEX idx_procedure_occurrence_visit_occurrence_id ON "omop"."procedure_occurrence" ("visit_occurrence_id");

CREATE INDEX idx_device_exposure_device_concept_id ON "omop"."device_exposure" ("device_concept_id");
CREATE INDEX idx_device_exposure_person_id ON "omop"."device_exposure" ("person_id");
CREATE INDEX idx_device_exposure_visit_occurrence_id ON "omop"."device_exposure" ("visit_occurrence_id");

CREATE INDEX idx_measurement_measurement_concept_id ON "omop"."measurement" ("measurement_concept_id");
CREATE INDEX idx_measurement_person_id ON "omop"."measurement" ("person_id");
CREATE INDEX idx_measurement_visit_occurrence_id ON "omop"."measurement" ("visit_occurrence_id");

CREATE INDEX idx_observation_observation_concept_id ON "omop"."observation" ("observation_concept_id");
CREATE INDEX idx_observation_person_id ON "omop"."observation" ("person_id");
CREATE INDEX idx_observation_visit_occurrence_id ON "omop"."observation" ("visit_occurrence_id");

CREATE INDEX idx_death_person_id ON "omop"."death" ("person_id");

CREATE INDEX idx_note_encoding_concept_id ON "omop"."note" ("encoding_concept_id");
CREATE INDEX idx_note_language_concept_id ON "omop"."note" ("language_concept_id");
CREATE INDEX idx_note_note_class_concept_id ON "omop"."note" ("note_class_concept_id");
CREATE INDEX idx_note_person_id ON "omop"."note" ("person_id");
CREATE INDEX idx_note_visit_occurrence_id ON "omop"."note" ("visit_occurrence_id");

CREATE INDEX idx_specimen_person_id ON "omop"."specimen" ("person_id");
CREATE INDEX idx_specimen_specimen_concept_id ON "omop"."specimen" ("specimen_concept_id");

CREATE INDEX idx_fact_relationship_domain_concept_id_1 ON "omop"."fact_relationship" ("domain_concept_id_1");
CREATE INDEX idx_fact_relationship_domain_concept_id_2 ON "omop"."fact_relationship" ("domain_concept_id_2");
CREATE INDEX idx_fact_relationship_relationship_concept_id ON "omop"."fact_relationship" ("relationship_concept_id");

CREATE INDEX idx_payer_plan_period_person_id ON "omop"."payer_plan_period" ("person_id");

CREATE INDEX idx_drug_era_drug_concept_id ON "omop"."drug_era" ("drug_concept_id");
CREATE INDEX idx_drug_era_person_id ON "omop"."drug_era" ("person_id");

CREATE INDEX idx_dose_era_drug_concept_id ON "omop"."dose_era" ("drug_concept_id");
CREATE INDEX idx_dose_era_person_id ON "omop"."dose_era" ("person_id");
CREATE INDEX idx_dose_era_unit_concept_id ON "omop"."dose_era" ("unit_concept_id");

CREATE INDEX idx_condition_era_condition_concept_id ON "omop"."condition_era" ("condition_concept_id");
CREATE INDEX idx_condition_era_person_id ON "omop"."condition_era" ("person_id");

CREATE INDEX idx_episode_episode_concept_id ON "omop"."episode" ("episode_concept_id");
CREATE INDEX idx_episode_episode_object_concept_id ON "omop"."episode" ("episode_object_concept_id");
CREATE INDEX idx_episode_person_id ON "omop"."episode" ("person_id");

CREATE INDEX idx_episode_event_episode_event_field_concept_id ON "omop"."episode_event" ("episode_event_field_concept_id");

CREATE INDEX idx_metadata_metadata_concept_id ON "omop"."metadata" ("metadata_concept_id");

CREATE INDEX idx_cdm_source_cdm_version_concept_id ON "omop"."cdm_source" ("cdm_version_concept_id");

CREATE INDEX idx_vocabulary_vocabulary_concept_id ON "omop"."vocabulary" ("vocabulary_concept_id");

CREATE INDEX idx_domain_domain_concept_id ON "omop"."domain" ("domain_concept_id");

CREATE INDEX idx_concept_class_concept_class_concept_id ON "omop"."concept_class" ("concept_class_concept_id");

CREATE INDEX idx_concept_relationship_concept_id_1 ON "omop"."concept_relationship" ("concept_id_1");
CREATE INDEX idx_concept_relationship_concept_id_2 ON "omop"."concept_relationship" ("concept_id_2");

CREATE INDEX idx_relationship_relationship_concept_id ON "omop"."relationship" ("relationship_concept_id");

CREATE INDEX idx_concept_synonym_concept_id ON "omop"."concept_synonym" ("concept_id");
CREATE INDEX idx_concept_synonym_language_concept_id ON "omop"."concept_synonym" ("language_concept_id");

CREATE INDEX idx_concept_ancestor_ancestor_concept_id ON "omop"."concept_ancestor" ("ancestor_concept_id");
CREATE INDEX idx_concept_ancestor_descendant_concept_id ON "omop"."concept_ancestor" ("descendant_concept_id");

CREATE INDEX idx_source_to_concept_map_source_concept_id ON "omop"."source_to_concept_map" ("source_concept_id");
CREATE INDEX idx_source_to_concept_map_target_concept_id ON "omop"."source_to_concept_map" ("target_concept_id");

CREATE INDEX idx_drug_strength_drug_concept_id ON "omop"."drug_strength" ("drug_concept_id");
CREATE INDEX idx_drug_strength_ingredient_concept_id ON "omop"."drug_strength" ("ingredient_concept_id");

CREATE INDEX idx_cohort_definition_subject_concept_id ON "omop"."cohort_definition" ("subject_concept_id");

CREATE INDEX idx_image_occurrence_modality_concept_id ON "omop"."image_occurrence" ("modality_concept_id");
CREATE INDEX idx_image_occurrence_person_id ON "omop"."image_occurrence" ("person_id");
CREATE INDEX idx_image_occurrence_visit_occurrence_id ON "omop"."image_occurrence" ("visit_occurrence_id");

CREATE INDEX idx_image_feature_image_feature_concept_id ON "omop"."image_feature" ("image_feature_concept_id");
CREATE INDEX idx_image_feature_person_id ON "omop"."image_feature" ("person_id");

ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_care_site_id FOREIGN KEY("care_site_id") REFERENCES "omop"."care_site" ("care_site_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_ethnicity_concept_id FOREIGN KEY("ethnicity_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_ethnicity_source_concept_id FOREIGN KEY("ethnicity_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_gender_concept_id FOREIGN KEY("gender_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_gender_source_concept_id FOREIGN KEY("gender_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_location_id FOREIGN KEY("location_id") REFERENCES "omop"."location" ("location_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_race_concept_id FOREIGN KEY("race_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."person" ADD CONSTRAINT fk_person_race_source_concept_id FOREIGN KEY("race_source_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."observation_period" ADD CONSTRAINT fk_observation_period_period_type_concept_id FOREIGN KEY("period_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation_period" ADD CONSTRAINT fk_observation_period_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");

ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_admitted_from_concept_id FOREIGN KEY("admitted_from_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_care_site_id FOREIGN KEY("care_site_id") REFERENCES "omop"."care_site" ("care_site_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_discharged_to_concept_id FOREIGN KEY("discharged_to_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_preceding_visit_occurrence_id FOREIGN KEY("preceding_visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_visit_concept_id FOREIGN KEY("visit_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_visit_source_concept_id FOREIGN KEY("visit_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_occurrence" ADD CONSTRAINT fk_visit_occurrence_visit_type_concept_id FOREIGN KEY("visit_type_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_admitted_from_concept_id FOREIGN KEY("admitted_from_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_care_site_id FOREIGN KEY("care_site_id") REFERENCES "omop"."care_site" ("care_site_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_discharged_to_concept_id FOREIGN KEY("discharged_to_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_parent_visit_detail_id FOREIGN KEY("parent_visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_preceding_visit_detail_id FOREIGN KEY("preceding_visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_visit_detail_concept_id FOREIGN KEY("visit_detail_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_visit_detail_source_concept_id FOREIGN KEY("visit_detail_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_visit_detail_type_concept_id FOREIGN KEY("visit_detail_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."visit_detail" ADD CONSTRAINT fk_visit_detail_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_condition_concept_id FOREIGN KEY("condition_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_condition_source_concept_id FOREIGN KEY("condition_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_condition_status_concept_id FOREIGN KEY("condition_status_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_condition_type_concept_id FOREIGN KEY("condition_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."condition_occurrence" ADD CONSTRAINT fk_condition_occurrence_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_drug_concept_id FOREIGN KEY("drug_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_drug_source_concept_id FOREIGN KEY("drug_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_drug_type_concept_id FOREIGN KEY("drug_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_route_concept_id FOREIGN KEY("route_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."drug_exposure" ADD CONSTRAINT fk_drug_exposure_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_modifier_concept_id FOREIGN KEY("modifier_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_procedure_concept_id FOREIGN KEY("procedure_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_procedure_source_concept_id FOREIGN KEY("procedure_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_procedure_type_concept_id FOREIGN KEY("procedure_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."procedure_occurrence" ADD CONSTRAINT fk_procedure_occurrence_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_device_concept_id FOREIGN KEY("device_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_device_source_concept_id FOREIGN KEY("device_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_device_type_concept_id FOREIGN KEY("device_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_unit_concept_id FOREIGN KEY("unit_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_unit_source_concept_id FOREIGN KEY("unit_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."device_exposure" ADD CONSTRAINT fk_device_exposure_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_meas_event_field_concept_id FOREIGN KEY("meas_event_field_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_measurement_concept_id FOREIGN KEY("measurement_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_measurement_source_concept_id FOREIGN KEY("measurement_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_measurement_type_concept_id FOREIGN KEY("measurement_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_operator_concept_id FOREIGN KEY("operator_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_unit_concept_id FOREIGN KEY("unit_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_unit_source_concept_id FOREIGN KEY("unit_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_value_as_concept_id FOREIGN KEY("value_as_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."measurement" ADD CONSTRAINT fk_measurement_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_obs_event_field_concept_id FOREIGN KEY("obs_event_field_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_observation_concept_id FOREIGN KEY("observation_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_observation_source_concept_id FOREIGN KEY("observation_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_observation_type_concept_id FOREIGN KEY("observation_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_qualifier_concept_id FOREIGN KEY("qualifier_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_unit_concept_id FOREIGN KEY("unit_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_value_as_concept_id FOREIGN KEY("value_as_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."observation" ADD CONSTRAINT fk_observation_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."death" ADD CONSTRAINT fk_death_cause_concept_id FOREIGN KEY("cause_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."death" ADD CONSTRAINT fk_death_cause_source_concept_id FOREIGN KEY("cause_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."death" ADD CONSTRAINT fk_death_death_type_concept_id FOREIGN KEY("death_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."death" ADD CONSTRAINT fk_death_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");

ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_encoding_concept_id FOREIGN KEY("encoding_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_language_concept_id FOREIGN KEY("language_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_note_class_concept_id FOREIGN KEY("note_class_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_note_event_field_concept_id FOREIGN KEY("note_event_field_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_note_type_concept_id FOREIGN KEY("note_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_provider_id FOREIGN KEY("provider_id") REFERENCES "omop"."provider" ("provider_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_visit_detail_id FOREIGN KEY("visit_detail_id") REFERENCES "omop"."visit_detail" ("visit_detail_id");
ALTER TABLE "omop"."note" ADD CONSTRAINT fk_note_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."note_nlp" ADD CONSTRAINT fk_note_nlp_note_nlp_concept_id FOREIGN KEY("note_nlp_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note_nlp" ADD CONSTRAINT fk_note_nlp_note_nlp_source_concept_id FOREIGN KEY("note_nlp_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."note_nlp" ADD CONSTRAINT fk_note_nlp_section_concept_id FOREIGN KEY("section_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."specimen" ADD CONSTRAINT fk_specimen_anatomic_site_concept_id FOREIGN KEY("anatomic_site_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."specimen" ADD CONSTRAINT fk_specimen_disease_status_concept_id FOREIGN KEY("disease_status_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."specimen" ADD CONSTRAINT fk_specimen_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."specimen" ADD CONSTRAINT fk_specimen_specimen_concept_id FOREIGN KEY("specimen_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."specimen" ADD CONSTRAINT fk_specimen_specimen_type_concept_id FOREIGN KEY("specimen_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."specimen" ADD CONSTRAINT fk_specimen_unit_concept_id FOREIGN KEY("unit_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."fact_relationship" ADD CONSTRAINT fk_fact_relationship_domain_concept_id_1 FOREIGN KEY("domain_concept_id_1") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."fact_relationship" ADD CONSTRAINT fk_fact_relationship_domain_concept_id_2 FOREIGN KEY("domain_concept_id_2") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."fact_relationship" ADD CONSTRAINT fk_fact_relationship_relationship_concept_id FOREIGN KEY("relationship_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."location" ADD CONSTRAINT fk_location_country_concept_id FOREIGN KEY("country_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."care_site" ADD CONSTRAINT fk_care_site_location_id FOREIGN KEY("location_id") REFERENCES "omop"."location" ("location_id");
ALTER TABLE "omop"."care_site" ADD CONSTRAINT fk_care_site_place_of_service_concept_id FOREIGN KEY("place_of_service_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."provider" ADD CONSTRAINT fk_provider_care_site_id FOREIGN KEY("care_site_id") REFERENCES "omop"."care_site" ("care_site_id");
ALTER TABLE "omop"."provider" ADD CONSTRAINT fk_provider_gender_concept_id FOREIGN KEY("gender_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."provider" ADD CONSTRAINT fk_provider_gender_source_concept_id FOREIGN KEY("gender_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."provider" ADD CONSTRAINT fk_provider_specialty_concept_id FOREIGN KEY("specialty_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."provider" ADD CONSTRAINT fk_provider_specialty_source_concept_id FOREIGN KEY("specialty_source_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_payer_concept_id FOREIGN KEY("payer_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_payer_source_concept_id FOREIGN KEY("payer_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_plan_concept_id FOREIGN KEY("plan_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_plan_source_concept_id FOREIGN KEY("plan_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_sponsor_concept_id FOREIGN KEY("sponsor_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_sponsor_source_concept_id FOREIGN KEY("sponsor_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_stop_reason_concept_id FOREIGN KEY("stop_reason_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."payer_plan_period" ADD CONSTRAINT fk_payer_plan_period_stop_reason_source_concept_id FOREIGN KEY("stop_reason_source_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."cost" ADD CONSTRAINT fk_cost_cost_domain_id FOREIGN KEY("cost_domain_id") REFERENCES "omop"."domain" ("domain_id");
ALTER TABLE "omop"."cost" ADD CONSTRAINT fk_cost_cost_type_concept_id FOREIGN KEY("cost_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."cost" ADD CONSTRAINT fk_cost_currency_concept_id FOREIGN KEY("currency_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."cost" ADD CONSTRAINT fk_cost_drg_concept_id FOREIGN KEY("drg_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."cost" ADD CONSTRAINT fk_cost_revenue_code_concept_id FOREIGN KEY("revenue_code_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."drug_era" ADD CONSTRAINT fk_drug_era_drug_concept_id FOREIGN KEY("drug_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_era" ADD CONSTRAINT fk_drug_era_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");

ALTER TABLE "omop"."dose_era" ADD CONSTRAINT fk_dose_era_drug_concept_id FOREIGN KEY("drug_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."dose_era" ADD CONSTRAINT fk_dose_era_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."dose_era" ADD CONSTRAINT fk_dose_era_unit_concept_id FOREIGN KEY("unit_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."condition_era" ADD CONSTRAINT fk_condition_era_condition_concept_id FOREIGN KEY("condition_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."condition_era" ADD CONSTRAINT fk_condition_era_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");

ALTER TABLE "omop"."episode" ADD CONSTRAINT fk_episode_episode_concept_id FOREIGN KEY("episode_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."episode" ADD CONSTRAINT fk_episode_episode_object_concept_id FOREIGN KEY("episode_object_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."episode" ADD CONSTRAINT fk_episode_episode_source_concept_id FOREIGN KEY("episode_source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."episode" ADD CONSTRAINT fk_episode_episode_type_concept_id FOREIGN KEY("episode_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."episode" ADD CONSTRAINT fk_episode_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");

ALTER TABLE "omop"."episode_event" ADD CONSTRAINT fk_episode_event_episode_event_field_concept_id FOREIGN KEY("episode_event_field_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."episode_event" ADD CONSTRAINT fk_episode_event_episode_id FOREIGN KEY("episode_id") REFERENCES "omop"."episode" ("episode_id");

ALTER TABLE "omop"."metadata" ADD CONSTRAINT fk_metadata_metadata_concept_id FOREIGN KEY("metadata_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."metadata" ADD CONSTRAINT fk_metadata_metadata_type_concept_id FOREIGN KEY("metadata_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."metadata" ADD CONSTRAINT fk_metadata_value_as_concept_id FOREIGN KEY("value_as_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."cdm_source" ADD CONSTRAINT fk_cdm_source_cdm_version_concept_id FOREIGN KEY("cdm_version_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."concept" ADD CONSTRAINT fk_concept_concept_class_id FOREIGN KEY("concept_class_id") REFERENCES "omop"."concept_class" ("concept_class_id");
ALTER TABLE "omop"."concept" ADD CONSTRAINT fk_concept_domain_id FOREIGN KEY("domain_id") REFERENCES "omop"."domain" ("domain_id");
ALTER TABLE "omop"."concept" ADD CONSTRAINT fk_concept_vocabulary_id FOREIGN KEY("vocabulary_id") REFERENCES "omop"."vocabulary" ("vocabulary_id");

ALTER TABLE "omop"."vocabulary" ADD CONSTRAINT fk_vocabulary_vocabulary_concept_id FOREIGN KEY("vocabulary_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."domain" ADD CONSTRAINT fk_domain_domain_concept_id FOREIGN KEY("domain_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."concept_class" ADD CONSTRAINT fk_concept_class_concept_class_concept_id FOREIGN KEY("concept_class_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."concept_relationship" ADD CONSTRAINT fk_concept_relationship_concept_id_1 FOREIGN KEY("concept_id_1") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."concept_relationship" ADD CONSTRAINT fk_concept_relationship_concept_id_2 FOREIGN KEY("concept_id_2") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."concept_relationship" ADD CONSTRAINT fk_concept_relationship_relationship_id FOREIGN KEY("relationship_id") REFERENCES "omop"."relationship" ("relationship_id");

ALTER TABLE "omop"."relationship" ADD CONSTRAINT fk_relationship_relationship_concept_id FOREIGN KEY("relationship_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."concept_synonym" ADD CONSTRAINT fk_concept_synonym_concept_id FOREIGN KEY("concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."concept_synonym" ADD CONSTRAINT fk_concept_synonym_language_concept_id FOREIGN KEY("language_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."concept_ancestor" ADD CONSTRAINT fk_concept_ancestor_ancestor_concept_id FOREIGN KEY("ancestor_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."concept_ancestor" ADD CONSTRAINT fk_concept_ancestor_descendant_concept_id FOREIGN KEY("descendant_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."source_to_concept_map" ADD CONSTRAINT fk_source_to_concept_map_source_concept_id FOREIGN KEY("source_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."source_to_concept_map" ADD CONSTRAINT fk_source_to_concept_map_target_concept_id FOREIGN KEY("target_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."source_to_concept_map" ADD CONSTRAINT fk_source_to_concept_map_target_vocabulary_id FOREIGN KEY("target_vocabulary_id") REFERENCES "omop"."vocabulary" ("vocabulary_id");

ALTER TABLE "omop"."drug_strength" ADD CONSTRAINT fk_drug_strength_amount_unit_concept_id FOREIGN KEY("amount_unit_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_strength" ADD CONSTRAINT fk_drug_strength_denominator_unit_concept_id FOREIGN KEY("denominator_unit_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_strength" ADD CONSTRAINT fk_drug_strength_drug_concept_id FOREIGN KEY("drug_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_strength" ADD CONSTRAINT fk_drug_strength_ingredient_concept_id FOREIGN KEY("ingredient_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."drug_strength" ADD CONSTRAINT fk_drug_strength_numerator_unit_concept_id FOREIGN KEY("numerator_unit_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."cohort_definition" ADD CONSTRAINT fk_cohort_definition_definition_type_concept_id FOREIGN KEY("definition_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."cohort_definition" ADD CONSTRAINT fk_cohort_definition_subject_concept_id FOREIGN KEY("subject_concept_id") REFERENCES "omop"."concept" ("concept_id");

ALTER TABLE "omop"."image_occurrence" ADD CONSTRAINT fk_image_occurrence_anatomic_site_concept_id FOREIGN KEY("anatomic_site_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_occurrence" ADD CONSTRAINT fk_image_occurrence_modality_concept_id FOREIGN KEY("modality_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_occurrence" ADD CONSTRAINT fk_image_occurrence_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
ALTER TABLE "omop"."image_occurrence" ADD CONSTRAINT fk_image_occurrence_procedure_occurrence_id FOREIGN KEY("procedure_occurrence_id") REFERENCES "omop"."procedure_occurrence" ("procedure_occurrence_id");
ALTER TABLE "omop"."image_occurrence" ADD CONSTRAINT fk_image_occurrence_visit_occurrence_id FOREIGN KEY("visit_occurrence_id") REFERENCES "omop"."visit_occurrence" ("visit_occurrence_id");

ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_anatomic_site_concept_id FOREIGN KEY("anatomic_site_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_image_feature_concept_id FOREIGN KEY("image_feature_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_image_feature_event_field_concept_id FOREIGN KEY("image_feature_event_field_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_image_feature_type_concept_id FOREIGN KEY("image_feature_type_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_image_finding_concept_id FOREIGN KEY("image_finding_concept_id") REFERENCES "omop"."concept" ("concept_id");
ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_image_occurrence_id FOREIGN KEY("image_occurrence_id") REFERENCES "omop"."image_occurrence" ("image_occurrence_id");
ALTER TABLE "omop"."image_feature" ADD CONSTRAINT fk_image_feature_person_id FOREIGN KEY("person_id") REFERENCES "omop"."person" ("person_id");
