-- Generated from schemas/midrc.yaml by `python -m harmonize.schema.ddl`; do not edit.

CREATE SCHEMA IF NOT EXISTS "midrc";

CREATE TABLE IF NOT EXISTS "midrc"."case" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "age_at_index" DOUBLE,
  "age_at_index_gt89" VARCHAR,
  "country_of_residence" VARCHAR,
  "covid19_positive" VARCHAR,
  "ethnicity" VARCHAR,
  "gen3_linked_subjects_available" BOOLEAN,
  "icu_indicator" BOOLEAN,
  "index_event" VARCHAR,
  "linked_external_data" VARCHAR[],
  "long_covid_diagnosis" VARCHAR,
  "race" VARCHAR,
  "race_ethnicity" VARCHAR[],
  "race_ethnicity_detail" VARCHAR[],
  "race_ethnicity_write_in" VARCHAR,
  "sex" VARCHAR,
  "site_id" VARCHAR,
  "token_record_id" VARCHAR,
  "treatment_info" BOOLEAN,
  "ventilator_indicator" BOOLEAN,
  "zip" VARCHAR,
  "datasets" VARCHAR[],
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "birth_year" INTEGER,
  "birth_month" INTEGER,
  "birth_date" DATE,
  "age_value" DOUBLE,
  "age_low" INTEGER,
  "age_high" INTEGER,
  "age_text" VARCHAR,
  "sex_source" VARCHAR,
  "gender_coding" VARCHAR,
  "race_source" VARCHAR,
  "race_coding" VARCHAR,
  "ethnicity_source" VARCHAR,
  "ethnicity_coding" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "residence_state" VARCHAR
);
COMMENT ON TABLE "midrc"."case" IS 'A person in one project, with what is known of birth, sex, race and origin.';
COMMENT ON COLUMN "midrc"."case"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."case"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."case"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."case"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."case"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."case"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."case"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."case"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."case"."age_at_index" IS 'Age in Years at Index Date';
COMMENT ON COLUMN "midrc"."case"."age_at_index_gt89" IS 'Yes: over 89 years old at the index event; No: not.';
COMMENT ON COLUMN "midrc"."case"."country_of_residence" IS 'Country of residence';
COMMENT ON COLUMN "midrc"."case"."covid19_positive" IS 'Positive History of COVID-19';
COMMENT ON COLUMN "midrc"."case"."ethnicity" IS 'Ethnic Group';
COMMENT ON COLUMN "midrc"."case"."gen3_linked_subjects_available" IS 'Whether other Gen3 commons have the same subject.';
COMMENT ON COLUMN "midrc"."case"."icu_indicator" IS 'Intensive Care Unit Stay';
COMMENT ON COLUMN "midrc"."case"."index_event" IS 'The event from which days are counted.';
COMMENT ON COLUMN "midrc"."case"."linked_external_data" IS 'Which data of the subject lie elsewhere.';
COMMENT ON COLUMN "midrc"."case"."long_covid_diagnosis" IS 'Post-Acute Sequelae of COVID-19';
COMMENT ON COLUMN "midrc"."case"."race" IS 'Race';
COMMENT ON COLUMN "midrc"."case"."race_ethnicity" IS 'Race and ethnicity in one answer.';
COMMENT ON COLUMN "midrc"."case"."race_ethnicity_detail" IS 'Race and ethnicity in more detail.';
COMMENT ON COLUMN "midrc"."case"."race_ethnicity_write_in" IS 'Race and ethnicity in own words.';
COMMENT ON COLUMN "midrc"."case"."sex" IS 'Sex';
COMMENT ON COLUMN "midrc"."case"."site_id" IS 'Study Site Identifier';
COMMENT ON COLUMN "midrc"."case"."token_record_id" IS 'Record of the token by which commons recognise a subject.';
COMMENT ON COLUMN "midrc"."case"."treatment_info" IS 'Treatment information';
COMMENT ON COLUMN "midrc"."case"."ventilator_indicator" IS 'Ventilator finding';
COMMENT ON COLUMN "midrc"."case"."zip" IS 'Postal code of residence, as far as it is given.';
COMMENT ON COLUMN "midrc"."case"."datasets" IS 'The data set that the row belongs to.';
COMMENT ON COLUMN "midrc"."case"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."case"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."case"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."case"."case_key" IS 'submitter_id of the case; the key under which all other rows name it.';
COMMENT ON COLUMN "midrc"."case"."birth_year" IS 'Year of birth.';
COMMENT ON COLUMN "midrc"."case"."birth_month" IS 'Month of birth.';
COMMENT ON COLUMN "midrc"."case"."birth_date" IS 'Day of birth.';
COMMENT ON COLUMN "midrc"."case"."age_value" IS 'Age in years at the index event, where the source states it.';
COMMENT ON COLUMN "midrc"."case"."age_low" IS 'Lowest age in years of the band that the source states.';
COMMENT ON COLUMN "midrc"."case"."age_high" IS 'Highest age in years of the band that the source states.';
COMMENT ON COLUMN "midrc"."case"."age_text" IS 'The age as the source writes it.';
COMMENT ON COLUMN "midrc"."case"."sex_source" IS 'Sex as the source writes it.';
COMMENT ON COLUMN "midrc"."case"."gender_coding" IS 'Sex as vocabulary:code.';
COMMENT ON COLUMN "midrc"."case"."race_source" IS 'Race as the source writes it.';
COMMENT ON COLUMN "midrc"."case"."race_coding" IS 'Race as vocabulary:code.';
COMMENT ON COLUMN "midrc"."case"."ethnicity_source" IS 'Ethnicity as the source writes it.';
COMMENT ON COLUMN "midrc"."case"."ethnicity_coding" IS 'Ethnicity as vocabulary:code.';
COMMENT ON COLUMN "midrc"."case"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."case"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."case"."residence_state" IS 'State of residence, two letters.';

CREATE TABLE IF NOT EXISTS "midrc"."visit" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "days_to_hospital_admission" INTEGER,
  "days_to_hospital_discharge" INTEGER,
  "days_to_icu_admission" INTEGER,
  "days_to_icu_discharge" INTEGER,
  "discharge_type" VARCHAR,
  "cases" VARCHAR NOT NULL,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "length_of_stay" INTEGER,
  "admit_source" VARCHAR,
  "admit_source_coding" VARCHAR,
  "discharge_disposition" VARCHAR,
  "discharge_coding" VARCHAR
);
COMMENT ON TABLE "midrc"."visit" IS 'A stay or encounter.';
COMMENT ON COLUMN "midrc"."visit"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."visit"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."visit"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."visit"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."visit"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."visit"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."visit"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."visit"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."visit"."days_to_hospital_admission" IS 'Days from the index event to admission.';
COMMENT ON COLUMN "midrc"."visit"."days_to_hospital_discharge" IS 'Days from the index event to discharge.';
COMMENT ON COLUMN "midrc"."visit"."days_to_icu_admission" IS 'Days from the index event to the start of intensive care.';
COMMENT ON COLUMN "midrc"."visit"."days_to_icu_discharge" IS 'Days from the index event to the end of intensive care.';
COMMENT ON COLUMN "midrc"."visit"."discharge_type" IS 'How the stay ended.';
COMMENT ON COLUMN "midrc"."visit"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."visit"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."visit"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."visit"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."visit"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."visit"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."visit"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."visit"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."visit"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."visit"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."visit"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."visit"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."visit"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."visit"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."visit"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."visit"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."visit"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."visit"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."visit"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."visit"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."visit"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."visit"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."visit"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."visit"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."visit"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."visit"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."visit"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."visit"."length_of_stay" IS 'Days from admission to discharge.';
COMMENT ON COLUMN "midrc"."visit"."admit_source" IS 'Where the patient came from, as the source writes it.';
COMMENT ON COLUMN "midrc"."visit"."admit_source_coding" IS 'The same as vocabulary:code.';
COMMENT ON COLUMN "midrc"."visit"."discharge_disposition" IS 'Where the patient went, as the source writes it.';
COMMENT ON COLUMN "midrc"."visit"."discharge_coding" IS 'The same as vocabulary:code.';

CREATE TABLE IF NOT EXISTS "midrc"."visit_detail" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "icu" BOOLEAN
);
COMMENT ON TABLE "midrc"."visit_detail" IS 'A part of a visit, such as a stay in intensive care.';
COMMENT ON COLUMN "midrc"."visit_detail"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."visit_detail"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."visit_detail"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."visit_detail"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."visit_detail"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."visit_detail"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."visit_detail"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."visit_detail"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."visit_detail"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."visit_detail"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."visit_detail"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."visit_detail"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."visit_detail"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."visit_detail"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."visit_detail"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."visit_detail"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."visit_detail"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."visit_detail"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."visit_detail"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."visit_detail"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."visit_detail"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."visit_detail"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."visit_detail"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."visit_detail"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."visit_detail"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."visit_detail"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."visit_detail"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."visit_detail"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."visit_detail"."icu" IS 'Whether it was intensive care.';

CREATE TABLE IF NOT EXISTS "midrc"."condition" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "condition_code" VARCHAR,
  "condition_code_system" VARCHAR,
  "condition_name" VARCHAR,
  "days_to_condition_end" INTEGER,
  "days_to_condition_start" INTEGER,
  "cases" VARCHAR NOT NULL,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "value_coding" VARCHAR,
  "value_text" VARCHAR,
  "stop_reason" VARCHAR
);
COMMENT ON COLUMN "midrc"."condition"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."condition"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."condition"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."condition"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."condition"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."condition"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."condition"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."condition"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."condition"."condition_code" IS 'Condition Code';
COMMENT ON COLUMN "midrc"."condition"."condition_code_system" IS 'Code System';
COMMENT ON COLUMN "midrc"."condition"."condition_name" IS 'Condition Name';
COMMENT ON COLUMN "midrc"."condition"."days_to_condition_end" IS 'Days from the index event to its end.';
COMMENT ON COLUMN "midrc"."condition"."days_to_condition_start" IS 'Days from the index event to the start of the condition.';
COMMENT ON COLUMN "midrc"."condition"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."condition"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."condition"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."condition"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."condition"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."condition"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."condition"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."condition"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."condition"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."condition"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."condition"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."condition"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."condition"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."condition"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."condition"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."condition"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."condition"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."condition"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."condition"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."condition"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."condition"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."condition"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."condition"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."condition"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."condition"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."condition"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."condition"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."condition"."value_coding" IS 'The answer, where the condition was asked for (yes, no).';
COMMENT ON COLUMN "midrc"."condition"."value_text" IS 'The value as the source writes it.';
COMMENT ON COLUMN "midrc"."condition"."stop_reason" IS 'Why it ended, as the source writes it.';

CREATE TABLE IF NOT EXISTS "midrc"."medication" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "dose_sequence_number" INTEGER,
  "medication_code" VARCHAR,
  "medication_code_system" VARCHAR,
  "medication_manufacturer" VARCHAR,
  "medication_name" VARCHAR,
  "medication_type" VARCHAR,
  "days_to_medication_start" INTEGER,
  "days_to_medication_end" INTEGER,
  "cases" VARCHAR NOT NULL,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "value_coding" VARCHAR,
  "value_text" VARCHAR,
  "quantity" DOUBLE,
  "days_supply" INTEGER,
  "refills" INTEGER,
  "daily_dose" DOUBLE,
  "duration_days" INTEGER,
  "drug_key" VARCHAR,
  "intent" VARCHAR,
  "route" VARCHAR,
  "route_coding" VARCHAR,
  "route_codings" VARCHAR,
  "dose_unit" VARCHAR,
  "dosage_text" VARCHAR,
  "lot" VARCHAR,
  "stop_reason" VARCHAR
);
COMMENT ON COLUMN "midrc"."medication"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."medication"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."medication"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."medication"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."medication"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."medication"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."medication"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."medication"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."medication"."dose_sequence_number" IS 'Place of the dose in a series.';
COMMENT ON COLUMN "midrc"."medication"."medication_code" IS 'Code of the medication.';
COMMENT ON COLUMN "midrc"."medication"."medication_code_system" IS 'Code System';
COMMENT ON COLUMN "midrc"."medication"."medication_manufacturer" IS 'Drug Manufacturer';
COMMENT ON COLUMN "midrc"."medication"."medication_name" IS 'Drug Name';
COMMENT ON COLUMN "midrc"."medication"."medication_type" IS 'Kind of medication.';
COMMENT ON COLUMN "midrc"."medication"."days_to_medication_start" IS 'Days from the index event to the start of the medication.';
COMMENT ON COLUMN "midrc"."medication"."days_to_medication_end" IS 'Days from the index event to its end.';
COMMENT ON COLUMN "midrc"."medication"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."medication"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."medication"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."medication"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."medication"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."medication"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."medication"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."medication"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."medication"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."medication"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."medication"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."medication"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."medication"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."medication"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."medication"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."medication"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."medication"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."medication"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."medication"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."medication"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."medication"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."medication"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."medication"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."medication"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."medication"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."medication"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."medication"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."medication"."value_coding" IS 'The answer as vocabulary:code.';
COMMENT ON COLUMN "midrc"."medication"."value_text" IS 'The value as the source writes it.';
COMMENT ON COLUMN "midrc"."medication"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "midrc"."medication"."days_supply" IS 'Days for which the supply lasts.';
COMMENT ON COLUMN "midrc"."medication"."refills" IS 'Refills after the first supply.';
COMMENT ON COLUMN "midrc"."medication"."daily_dose" IS 'How many of the pieces that quantity counts are taken a day; only of drugs in whole pieces (tablets, capsules).';
COMMENT ON COLUMN "midrc"."medication"."duration_days" IS 'Days over which it is to be taken, where the source states a length instead of an end.';
COMMENT ON COLUMN "midrc"."medication"."drug_key" IS 'Key of the drug within its project, where the row names it by reference.';
COMMENT ON COLUMN "midrc"."medication"."intent" IS 'Whether the act was ordered, planned, proposed, as the source writes it.';
COMMENT ON COLUMN "midrc"."medication"."route" IS 'Route of administration as the source writes it.';
COMMENT ON COLUMN "midrc"."medication"."route_coding" IS 'The route as vocabulary:code.';
COMMENT ON COLUMN "midrc"."medication"."route_codings" IS 'The route in all codes that a FHIR source gave, a CodeableConcept as JSON.';
COMMENT ON COLUMN "midrc"."medication"."dose_unit" IS 'Unit of the dose as the source writes it.';
COMMENT ON COLUMN "midrc"."medication"."dosage_text" IS 'Directions for use, as text.';
COMMENT ON COLUMN "midrc"."medication"."lot" IS 'Lot of the product.';
COMMENT ON COLUMN "midrc"."medication"."stop_reason" IS 'Why it ended, as the source writes it.';

CREATE TABLE IF NOT EXISTS "midrc"."procedure" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "breathing_support_type" VARCHAR,
  "days_to_procedure_start" INTEGER,
  "days_to_procedure_end" INTEGER,
  "procedure_name" VARCHAR,
  "conditions" VARCHAR,
  "cases" VARCHAR NOT NULL,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "value_coding" VARCHAR,
  "value_text" VARCHAR,
  "quantity" INTEGER,
  "modifier" VARCHAR,
  "modifier_coding" VARCHAR,
  "stop_reason" VARCHAR,
  "accession_hash" VARCHAR
);
COMMENT ON COLUMN "midrc"."procedure"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."procedure"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."procedure"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."procedure"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."procedure"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."procedure"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."procedure"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."procedure"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."procedure"."breathing_support_type" IS 'Which support of breathing it was.';
COMMENT ON COLUMN "midrc"."procedure"."days_to_procedure_start" IS 'Days from the index event to the start of the procedure.';
COMMENT ON COLUMN "midrc"."procedure"."days_to_procedure_end" IS 'Days from the index event to its end.';
COMMENT ON COLUMN "midrc"."procedure"."procedure_name" IS 'Procedure Name';
COMMENT ON COLUMN "midrc"."procedure"."conditions" IS 'Key of the condition that it was done for.';
COMMENT ON COLUMN "midrc"."procedure"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."procedure"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."procedure"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."procedure"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."procedure"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."procedure"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."procedure"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."procedure"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."procedure"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."procedure"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."procedure"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."procedure"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."procedure"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."procedure"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."procedure"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."procedure"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."procedure"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."procedure"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."procedure"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."procedure"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."procedure"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."procedure"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."procedure"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."procedure"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."procedure"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."procedure"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."procedure"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."procedure"."value_coding" IS 'The answer as vocabulary:code.';
COMMENT ON COLUMN "midrc"."procedure"."value_text" IS 'The value as the source writes it.';
COMMENT ON COLUMN "midrc"."procedure"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "midrc"."procedure"."modifier" IS 'What qualifies it (such as its side), as the source writes it.';
COMMENT ON COLUMN "midrc"."procedure"."modifier_coding" IS 'The same as vocabulary:code.';
COMMENT ON COLUMN "midrc"."procedure"."stop_reason" IS 'Why it was not done.';
COMMENT ON COLUMN "midrc"."procedure"."accession_hash" IS 'sha256 of the accession number, as of imaging_study; not published.';

CREATE TABLE IF NOT EXISTS "midrc"."device" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "udi" VARCHAR,
  "production_id" VARCHAR,
  "quantity" INTEGER,
  "device_key" VARCHAR
);
COMMENT ON TABLE "midrc"."device" IS 'A device used on or by a case.';
COMMENT ON COLUMN "midrc"."device"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."device"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."device"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."device"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."device"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."device"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."device"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."device"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."device"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."device"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."device"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."device"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."device"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."device"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."device"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."device"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."device"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."device"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."device"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."device"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."device"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."device"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."device"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."device"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."device"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."device"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."device"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."device"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."device"."udi" IS 'Unique identifier of the device (UDI).';
COMMENT ON COLUMN "midrc"."device"."production_id" IS 'Part of the identifier that names the production.';
COMMENT ON COLUMN "midrc"."device"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "midrc"."device"."device_key" IS 'Key of the device within its project, where the row names it by reference.';

CREATE TABLE IF NOT EXISTS "midrc"."device_definition" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "device_key" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "codings" VARCHAR,
  "udi" VARCHAR,
  "production_id" VARCHAR
);
COMMENT ON TABLE "midrc"."device_definition" IS 'A device that rows of its use name by reference.';
COMMENT ON COLUMN "midrc"."device_definition"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."device_definition"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."device_definition"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."device_definition"."device_key" IS 'Key of the device within its project.';
COMMENT ON COLUMN "midrc"."device_definition"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."device_definition"."codings" IS 'All codes that a FHIR source gave, a CodeableConcept as JSON.';
COMMENT ON COLUMN "midrc"."device_definition"."udi" IS 'Unique identifier of the device (UDI).';
COMMENT ON COLUMN "midrc"."device_definition"."production_id" IS 'Part of the identifier that names the production.';

CREATE TABLE IF NOT EXISTS "midrc"."measurement" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "test_days_from_index" INTEGER,
  "test_method" VARCHAR,
  "test_name" VARCHAR,
  "test_result_text" VARCHAR,
  "cases" VARCHAR,
  "conditions" VARCHAR,
  "procedures" VARCHAR,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "value_number" DOUBLE,
  "value_operator" VARCHAR,
  "value_coding" VARCHAR,
  "value_codings" VARCHAR,
  "value_text" VARCHAR,
  "interpretation" VARCHAR,
  "unit_text" VARCHAR,
  "unit_code" VARCHAR,
  "unit_basis" VARCHAR,
  "reference_low" DOUBLE,
  "reference_high" DOUBLE,
  "method" VARCHAR,
  "specimen" VARCHAR
);
COMMENT ON COLUMN "midrc"."measurement"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."measurement"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."measurement"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."measurement"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."measurement"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."measurement"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."measurement"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."measurement"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."measurement"."test_days_from_index" IS 'Days from the index event to the test.';
COMMENT ON COLUMN "midrc"."measurement"."test_method" IS 'Test Method';
COMMENT ON COLUMN "midrc"."measurement"."test_name" IS 'Test Name';
COMMENT ON COLUMN "midrc"."measurement"."test_result_text" IS 'Clinical Test Result';
COMMENT ON COLUMN "midrc"."measurement"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."measurement"."conditions" IS 'Key of the condition that it was done for.';
COMMENT ON COLUMN "midrc"."measurement"."procedures" IS 'Key of the procedure that it belongs to.';
COMMENT ON COLUMN "midrc"."measurement"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."measurement"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."measurement"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."measurement"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."measurement"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."measurement"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."measurement"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."measurement"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."measurement"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."measurement"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."measurement"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."measurement"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."measurement"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."measurement"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."measurement"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."measurement"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."measurement"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."measurement"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."measurement"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."measurement"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."measurement"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."measurement"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."measurement"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."measurement"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."measurement"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."measurement"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."measurement"."value_number" IS 'The value as a number.';
COMMENT ON COLUMN "midrc"."measurement"."value_operator" IS 'One of <, <=, =, >=, >; absent when the number is exact.';
COMMENT ON COLUMN "midrc"."measurement"."value_coding" IS 'The answer as vocabulary:code.';
COMMENT ON COLUMN "midrc"."measurement"."value_codings" IS 'The answer in all codes that a FHIR source gave, a CodeableConcept as JSON.';
COMMENT ON COLUMN "midrc"."measurement"."value_text" IS 'The value as the source writes it.';
COMMENT ON COLUMN "midrc"."measurement"."interpretation" IS 'How the source judges the value (high, low, abnormal), as it writes it.';
COMMENT ON COLUMN "midrc"."measurement"."unit_text" IS 'The unit as the source writes it; absent where it says nothing.';
COMMENT ON COLUMN "midrc"."measurement"."unit_code" IS 'The unit in UCUM, stated by the source or asserted by the mapping.';
COMMENT ON COLUMN "midrc"."measurement"."unit_basis" IS 'How the unit of the number is known.';
COMMENT ON COLUMN "midrc"."measurement"."reference_low" IS 'Lower end of the normal range.';
COMMENT ON COLUMN "midrc"."measurement"."reference_high" IS 'Upper end of the normal range.';
COMMENT ON COLUMN "midrc"."measurement"."method" IS 'How it was measured or seen.';
COMMENT ON COLUMN "midrc"."measurement"."specimen" IS 'What was examined, as the source writes it.';

CREATE TABLE IF NOT EXISTS "midrc"."observation" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "observation_name" VARCHAR,
  "observation_answer" VARCHAR,
  "days_to_observation" INTEGER,
  "cases" VARCHAR NOT NULL,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "value_number" DOUBLE,
  "value_operator" VARCHAR,
  "value_coding" VARCHAR,
  "value_codings" VARCHAR,
  "value_text" VARCHAR,
  "interpretation" VARCHAR,
  "unit_text" VARCHAR,
  "unit_code" VARCHAR,
  "unit_basis" VARCHAR,
  "reference_low" DOUBLE,
  "reference_high" DOUBLE,
  "method" VARCHAR,
  "specimen" VARCHAR,
  "qualifier" VARCHAR,
  "qualifier_coding" VARCHAR,
  "question_coding" VARCHAR
);
COMMENT ON COLUMN "midrc"."observation"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."observation"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."observation"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."observation"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."observation"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."observation"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."observation"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."observation"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."observation"."observation_name" IS 'What was asked.';
COMMENT ON COLUMN "midrc"."observation"."observation_answer" IS 'What was answered.';
COMMENT ON COLUMN "midrc"."observation"."days_to_observation" IS 'Days from the index event to the observation.';
COMMENT ON COLUMN "midrc"."observation"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."observation"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."observation"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."observation"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."observation"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."observation"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."observation"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."observation"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."observation"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."observation"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."observation"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."observation"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."observation"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."observation"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."observation"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."observation"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."observation"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."observation"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."observation"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."observation"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."observation"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."observation"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."observation"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."observation"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."observation"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."observation"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."observation"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."observation"."value_number" IS 'The value as a number.';
COMMENT ON COLUMN "midrc"."observation"."value_operator" IS 'One of <, <=, =, >=, >; absent when the number is exact.';
COMMENT ON COLUMN "midrc"."observation"."value_coding" IS 'The answer as vocabulary:code.';
COMMENT ON COLUMN "midrc"."observation"."value_codings" IS 'The answer in all codes that a FHIR source gave, a CodeableConcept as JSON.';
COMMENT ON COLUMN "midrc"."observation"."value_text" IS 'The value as the source writes it.';
COMMENT ON COLUMN "midrc"."observation"."interpretation" IS 'How the source judges the value (high, low, abnormal), as it writes it.';
COMMENT ON COLUMN "midrc"."observation"."unit_text" IS 'The unit as the source writes it; absent where it says nothing.';
COMMENT ON COLUMN "midrc"."observation"."unit_code" IS 'The unit in UCUM, stated by the source or asserted by the mapping.';
COMMENT ON COLUMN "midrc"."observation"."unit_basis" IS 'How the unit of the number is known.';
COMMENT ON COLUMN "midrc"."observation"."reference_low" IS 'Lower end of the normal range.';
COMMENT ON COLUMN "midrc"."observation"."reference_high" IS 'Upper end of the normal range.';
COMMENT ON COLUMN "midrc"."observation"."method" IS 'How it was measured or seen.';
COMMENT ON COLUMN "midrc"."observation"."specimen" IS 'What was examined, as the source writes it.';
COMMENT ON COLUMN "midrc"."observation"."qualifier" IS 'What qualifies the observation, as the source writes it.';
COMMENT ON COLUMN "midrc"."observation"."qualifier_coding" IS 'The same as vocabulary:code.';
COMMENT ON COLUMN "midrc"."observation"."question_coding" IS 'The kind of thing that a row which is no event tells of (an allergy to a drug), as vocabulary:code.';

CREATE TABLE IF NOT EXISTS "midrc"."note" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "title" VARCHAR,
  "note_text" VARCHAR,
  "content_type" VARCHAR,
  "language" VARCHAR
);
COMMENT ON TABLE "midrc"."note" IS 'A clinical document with its text.';
COMMENT ON COLUMN "midrc"."note"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."note"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."note"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."note"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."note"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."note"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."note"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."note"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."note"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."note"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."note"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."note"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."note"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."note"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."note"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."note"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."note"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."note"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."note"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."note"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."note"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."note"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."note"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."note"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."note"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."note"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."note"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."note"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."note"."title" IS 'Title of the document.';
COMMENT ON COLUMN "midrc"."note"."note_text" IS 'Text of the document.';
COMMENT ON COLUMN "midrc"."note"."content_type" IS 'Media type of the document as it was sent.';
COMMENT ON COLUMN "midrc"."note"."language" IS 'Language of the text.';

CREATE TABLE IF NOT EXISTS "midrc"."specimen" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "quantity" DOUBLE,
  "unit_text" VARCHAR,
  "unit_code" VARCHAR,
  "body_site_codings" VARCHAR
);
COMMENT ON TABLE "midrc"."specimen" IS 'A sample taken from a case.';
COMMENT ON COLUMN "midrc"."specimen"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."specimen"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."specimen"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."specimen"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."specimen"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."specimen"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."specimen"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."specimen"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."specimen"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."specimen"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."specimen"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."specimen"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."specimen"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."specimen"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."specimen"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."specimen"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."specimen"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."specimen"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."specimen"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."specimen"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."specimen"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."specimen"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."specimen"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."specimen"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."specimen"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."specimen"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."specimen"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."specimen"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."specimen"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "midrc"."specimen"."unit_text" IS 'The unit as the source writes it.';
COMMENT ON COLUMN "midrc"."specimen"."unit_code" IS 'The unit in UCUM.';
COMMENT ON COLUMN "midrc"."specimen"."body_site_codings" IS 'Where it was taken, a CodeableConcept as JSON.';

CREATE TABLE IF NOT EXISTS "midrc"."fact_link" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "case_key" VARCHAR NOT NULL,
  "relation" VARCHAR NOT NULL,
  "targets" VARCHAR[],
  "target_part" VARCHAR
);
COMMENT ON TABLE "midrc"."fact_link" IS 'What the rows of a record have to do with those of other records of the same person, or with other rows of its own.';
COMMENT ON COLUMN "midrc"."fact_link"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."fact_link"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."fact_link"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."fact_link"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."fact_link"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."fact_link"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."fact_link"."relation" IS 'What they have to do with each other.';
COMMENT ON COLUMN "midrc"."fact_link"."targets" IS 'The other records, as Type/key of a FHIR source.';
COMMENT ON COLUMN "midrc"."fact_link"."target_part" IS 'Entry of the mapping (its part_) that makes the rows meant; absent means all rows that are no such part of their record.';

CREATE TABLE IF NOT EXISTS "midrc"."drug" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "drug_key" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "codings" VARCHAR,
  "lot" VARCHAR
);
COMMENT ON TABLE "midrc"."drug" IS 'A drug that medications name by reference.';
COMMENT ON COLUMN "midrc"."drug"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."drug"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."drug"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."drug"."drug_key" IS 'Key of the drug within its project.';
COMMENT ON COLUMN "midrc"."drug"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."drug"."codings" IS 'All codes that a FHIR source gave, a CodeableConcept as JSON.';
COMMENT ON COLUMN "midrc"."drug"."lot" IS 'Lot of the product.';

CREATE TABLE IF NOT EXISTS "midrc"."death" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "visit_key" VARCHAR,
  "visit_detail_key" VARCHAR,
  "provider_key" VARCHAR,
  "care_site_key" VARCHAR,
  "status" VARCHAR,
  "kind" VARCHAR,
  "assertion" VARCHAR,
  "certainty" VARCHAR,
  "subject_role" VARCHAR,
  "coding" VARCHAR,
  "codings" VARCHAR,
  "text" VARCHAR,
  "category" VARCHAR,
  "start_day" INTEGER,
  "end_day" INTEGER,
  "start_date" DATE,
  "end_date" DATE,
  "start_datetime" TIMESTAMP,
  "end_datetime" TIMESTAMP,
  "start_precision" VARCHAR,
  "start_imputation" VARCHAR,
  "type_hint" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "cause_coding" VARCHAR,
  "cause_text" VARCHAR
);
COMMENT ON TABLE "midrc"."death" IS 'That a case died; at most one row of OMOP death comes of all of them.';
COMMENT ON COLUMN "midrc"."death"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."death"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."death"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."death"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."death"."visit_key" IS 'submitter_id of the visit within its project.';
COMMENT ON COLUMN "midrc"."death"."visit_detail_key" IS 'submitter_id of the visit detail within its project.';
COMMENT ON COLUMN "midrc"."death"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."death"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."death"."status" IS 'Status as the source writes it.';
COMMENT ON COLUMN "midrc"."death"."kind" IS 'What the row is about: an event, or history, family, plan, allergy, preference.';
COMMENT ON COLUMN "midrc"."death"."assertion" IS 'Whether the thing was said to be there.';
COMMENT ON COLUMN "midrc"."death"."certainty" IS 'How sure the source is.';
COMMENT ON COLUMN "midrc"."death"."subject_role" IS 'About whom the row speaks.';
COMMENT ON COLUMN "midrc"."death"."coding" IS 'What the row is about, as vocabulary:code (SNOMED:840539006); a code of the source''s own vocabulary is translated by its value set.';
COMMENT ON COLUMN "midrc"."death"."codings" IS 'What the row is about in all codes that a FHIR source gave, a CodeableConcept as JSON; one of them is chosen when the row becomes an OMOP row (sql/steps/codes/coding_choice.sql).';
COMMENT ON COLUMN "midrc"."death"."text" IS 'What the source wrote; becomes *_source_value.';
COMMENT ON COLUMN "midrc"."death"."category" IS 'Category as the source writes it.';
COMMENT ON COLUMN "midrc"."death"."start_day" IS 'Days from the index event to the start.';
COMMENT ON COLUMN "midrc"."death"."end_day" IS 'Days from the index event to the end.';
COMMENT ON COLUMN "midrc"."death"."start_date" IS 'Day on which it began or was done.';
COMMENT ON COLUMN "midrc"."death"."end_date" IS 'Day on which it ended.';
COMMENT ON COLUMN "midrc"."death"."start_datetime" IS 'When it began or was done, with the time.';
COMMENT ON COLUMN "midrc"."death"."end_datetime" IS 'When it ended, with the time.';
COMMENT ON COLUMN "midrc"."death"."start_precision" IS 'year or month where the source states no day; the date is then the first of it.';
COMMENT ON COLUMN "midrc"."death"."start_imputation" IS 'How the start was filled where the source states none.';
COMMENT ON COLUMN "midrc"."death"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
COMMENT ON COLUMN "midrc"."death"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."death"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."death"."cause_coding" IS 'Cause of death as vocabulary:code.';
COMMENT ON COLUMN "midrc"."death"."cause_text" IS 'Cause of death as the source writes it.';

CREATE TABLE IF NOT EXISTS "midrc"."provider" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "provider_key" VARCHAR NOT NULL,
  "role_key" VARCHAR,
  "project_id" VARCHAR,
  "provider_name" VARCHAR,
  "specialty" VARCHAR,
  "specialty_coding" VARCHAR,
  "care_site_key" VARCHAR
);
COMMENT ON COLUMN "midrc"."provider"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."provider"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."provider"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."provider"."provider_key" IS 'Key of the provider within its project.';
COMMENT ON COLUMN "midrc"."provider"."role_key" IS 'Key of the role in which rows may name the provider.';
COMMENT ON COLUMN "midrc"."provider"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."provider"."provider_name" IS 'Name of the provider.';
COMMENT ON COLUMN "midrc"."provider"."specialty" IS 'Specialty as the source writes it.';
COMMENT ON COLUMN "midrc"."provider"."specialty_coding" IS 'The specialty as vocabulary:code.';
COMMENT ON COLUMN "midrc"."provider"."care_site_key" IS 'Key of the organization within its project.';

CREATE TABLE IF NOT EXISTS "midrc"."organization" (
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "care_site_key" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "care_site_name" VARCHAR,
  "place_of_service" VARCHAR,
  "place_of_service_coding" VARCHAR
);
COMMENT ON TABLE "midrc"."organization" IS 'A place of care; becomes care_site.';
COMMENT ON COLUMN "midrc"."organization"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."organization"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."organization"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."organization"."care_site_key" IS 'Key of the organization within its project.';
COMMENT ON COLUMN "midrc"."organization"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."organization"."care_site_name" IS 'Name of the place of care.';
COMMENT ON COLUMN "midrc"."organization"."place_of_service" IS 'Kind of place as the source writes it.';
COMMENT ON COLUMN "midrc"."organization"."place_of_service_coding" IS 'The same as vocabulary:code.';

CREATE TABLE IF NOT EXISTS "midrc"."imaging_study" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "age_at_imaging" DOUBLE,
  "age_at_imaging_gt89" VARCHAR,
  "body_part_examined" VARCHAR[],
  "days_from_study_to_neg_covid_test" INTEGER[],
  "days_from_study_to_pos_covid_test" INTEGER[],
  "days_to_study" DOUBLE,
  "image_data_modified" BOOLEAN,
  "loinc_code" VARCHAR,
  "loinc_contrast" VARCHAR,
  "loinc_long_common_name" VARCHAR,
  "loinc_method" VARCHAR,
  "loinc_system" VARCHAR,
  "study_description" VARCHAR,
  "study_modality" VARCHAR[],
  "study_uid" VARCHAR,
  "study_year" INTEGER,
  "study_year_shifted" BOOLEAN,
  "cases" VARCHAR NOT NULL,
  "datasets" VARCHAR[],
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR NOT NULL,
  "accession_hash" VARCHAR,
  "patient_age" VARCHAR,
  "patient_sex" VARCHAR,
  "visit_key" VARCHAR,
  "codings" VARCHAR,
  "study_date" DATE,
  "series_count" INTEGER,
  "instance_count" INTEGER,
  "collection" VARCHAR,
  "computed" VARCHAR[],
  "loinc_source" VARCHAR,
  "loinc_reason" VARCHAR,
  "loinc_confidence" DOUBLE
);
COMMENT ON COLUMN "midrc"."imaging_study"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."imaging_study"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."imaging_study"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."imaging_study"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."imaging_study"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."imaging_study"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."imaging_study"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."imaging_study"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."imaging_study"."age_at_imaging" IS 'Age at Imaging';
COMMENT ON COLUMN "midrc"."imaging_study"."age_at_imaging_gt89" IS 'Yes: over 89 years old at the study; No: not.';
COMMENT ON COLUMN "midrc"."imaging_study"."body_part_examined" IS 'Body Part Examined';
COMMENT ON COLUMN "midrc"."imaging_study"."days_from_study_to_neg_covid_test" IS 'Days from the study to each negative COVID-19 test; negative: the test came first.';
COMMENT ON COLUMN "midrc"."imaging_study"."days_from_study_to_pos_covid_test" IS 'Days from the study to each positive COVID-19 test; negative: the test came first.';
COMMENT ON COLUMN "midrc"."imaging_study"."days_to_study" IS 'Days from the index event to the study.';
COMMENT ON COLUMN "midrc"."imaging_study"."image_data_modified" IS 'Whether the pixels were changed before they were sent.';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_code" IS 'LOINC Code';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_contrast" IS 'LOINC Contrast';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_long_common_name" IS 'LOINC Long Common Name';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_method" IS 'LOINC Method';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_system" IS 'LOINC System';
COMMENT ON COLUMN "midrc"."imaging_study"."study_description" IS 'Study Description';
COMMENT ON COLUMN "midrc"."imaging_study"."study_modality" IS 'Study Modality';
COMMENT ON COLUMN "midrc"."imaging_study"."study_uid" IS 'Study Instance UID';
COMMENT ON COLUMN "midrc"."imaging_study"."study_year" IS 'Study Date Attribute';
COMMENT ON COLUMN "midrc"."imaging_study"."study_year_shifted" IS 'Whether the year of the study was moved.';
COMMENT ON COLUMN "midrc"."imaging_study"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."imaging_study"."datasets" IS 'The data set that the row belongs to.';
COMMENT ON COLUMN "midrc"."imaging_study"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."imaging_study"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."imaging_study"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."imaging_study"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."imaging_study"."accession_hash" IS 'sha256 of the accession number (DICOM AccessionNumber, FHIR identifier of the type ACSN), by which a study meets the procedure that was ordered. The number may identify somebody and is not kept; the hash is not published.';
COMMENT ON COLUMN "midrc"."imaging_study"."patient_age" IS 'PatientAge of the study''s DICOM headers.';
COMMENT ON COLUMN "midrc"."imaging_study"."patient_sex" IS 'PatientSex of the study''s DICOM headers.';
COMMENT ON COLUMN "midrc"."imaging_study"."visit_key" IS 'submitter_id of the visit, where the source says during which the study was made.';
COMMENT ON COLUMN "midrc"."imaging_study"."codings" IS 'The procedure in all codes that a FHIR source gave, a CodeableConcept as JSON.';
COMMENT ON COLUMN "midrc"."imaging_study"."study_date" IS 'Day of the study, in the calendar of the images.';
COMMENT ON COLUMN "midrc"."imaging_study"."series_count" IS 'Series of the study.';
COMMENT ON COLUMN "midrc"."imaging_study"."instance_count" IS 'DICOM instances (files).';
COMMENT ON COLUMN "midrc"."imaging_study"."collection" IS 'Collection of the public index.';
COMMENT ON COLUMN "midrc"."imaging_study"."computed" IS 'Properties of this row that were computed from what else is loaded and are not stated by its source: days_from_study_to_pos_covid_test, days_from_study_to_neg_covid_test.';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_source" IS 'Who gave the loinc_* properties, table or parser; empty where the source states them or nobody does.';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_reason" IS 'Why the table or parser gave this code, or none.';
COMMENT ON COLUMN "midrc"."imaging_study"."loinc_confidence" IS 'How sure the code is, 0 to 1; empty where the source states it.';

CREATE TABLE IF NOT EXISTS "midrc"."imaging_series" (
  "data_category" VARCHAR,
  "file_name" VARCHAR,
  "file_size" BIGINT,
  "md5sum" VARCHAR,
  "object_id" VARCHAR,
  "contrast_bolus_agent" VARCHAR[],
  "detector_type" VARCHAR,
  "image_data_modification_name" INTEGER,
  "image_data_modification_method" VARCHAR,
  "image_data_modified" BOOLEAN,
  "image_type" VARCHAR[],
  "imager_pixel_spacing" DOUBLE[],
  "lossy_image_compression" VARCHAR,
  "pixel_spacing" DOUBLE[],
  "spatial_resolution" DOUBLE,
  "view_position" VARCHAR[],
  "data_format" VARCHAR,
  "data_type" VARCHAR,
  "dicom_header_file_guid" VARCHAR,
  "core_metadata_collections" VARCHAR,
  "imaging_studies" VARCHAR,
  "acquisition_type" VARCHAR,
  "convolution_kernel" VARCHAR[],
  "exposure_modulation_type" VARCHAR,
  "patient_position" VARCHAR,
  "slice_thickness" DOUBLE[],
  "spacing_between_slices" DOUBLE[],
  "code_meaning" VARCHAR[],
  "sop_class_name" VARCHAR[],
  "magnetic_field_strength" DOUBLE[],
  "mr_acquisition_type" VARCHAR[],
  "scanning_sequence" VARCHAR[],
  "sequence_name" VARCHAR[],
  "angio_flag" VARCHAR[],
  "diffusion_b_value" DOUBLE[],
  "diffusion_gradient_orientation" VARCHAR,
  "echo_number" INTEGER[],
  "echo_time" DOUBLE[],
  "echo_train_length" INTEGER[],
  "imaged_nucleus" VARCHAR[],
  "number_of_temporal_positions" INTEGER[],
  "repetition_time" DOUBLE[],
  "scan_options" VARCHAR[],
  "sequence_variant" VARCHAR[],
  "software_version" VARCHAR,
  "radiopharmaceutical" VARCHAR,
  "ct_images" BOOLEAN,
  "region_spatial_format" VARCHAR[],
  "transducer_type" VARCHAR,
  "radiation_setting" VARCHAR[],
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR,
  "accession_hash" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "project_id" VARCHAR,
  "study_uid" VARCHAR NOT NULL,
  "series_uid" VARCHAR NOT NULL,
  "modality" VARCHAR,
  "sop_class_uid" VARCHAR,
  "is_image" BOOLEAN,
  "is_derived" BOOLEAN,
  "series_number" INTEGER,
  "series_date" DATE,
  "study_date" DATE,
  "study_day" INTEGER,
  "series_description" VARCHAR,
  "study_description" VARCHAR,
  "body_part_examined" VARCHAR,
  "laterality" VARCHAR,
  "instance_count" INTEGER,
  "series_size_mb" DOUBLE,
  "uri" VARCHAR,
  "license" VARCHAR,
  "manufacturer" VARCHAR,
  "manufacturer_model_name" VARCHAR,
  "collection" VARCHAR,
  "patient_age" VARCHAR,
  "patient_sex" VARCHAR
);
COMMENT ON TABLE "midrc"."imaging_series" IS 'One DICOM series; the ten Gen3 series nodes and all other modalities. The Gen3 node follows from data_category, else from modality. A series that names its study by imaging_studies has case, study_uid and study_day from it, and waits without a case until that study is loaded.';
COMMENT ON COLUMN "midrc"."imaging_series"."data_category" IS 'Modality by which Gen3 chooses the node; absent outside of Gen3.';
COMMENT ON COLUMN "midrc"."imaging_series"."file_name" IS 'Name of the file.';
COMMENT ON COLUMN "midrc"."imaging_series"."file_size" IS 'Size of the file in bytes.';
COMMENT ON COLUMN "midrc"."imaging_series"."md5sum" IS 'md5 of the file.';
COMMENT ON COLUMN "midrc"."imaging_series"."object_id" IS 'Id of the file in Gen3.';
COMMENT ON COLUMN "midrc"."imaging_series"."contrast_bolus_agent" IS 'DICOM ContrastBolusAgent.';
COMMENT ON COLUMN "midrc"."imaging_series"."detector_type" IS 'DICOM DetectorType.';
COMMENT ON COLUMN "midrc"."imaging_series"."image_data_modification_name" IS 'Which change was made to the pixels.';
COMMENT ON COLUMN "midrc"."imaging_series"."image_data_modification_method" IS 'How the pixels were changed.';
COMMENT ON COLUMN "midrc"."imaging_series"."image_data_modified" IS 'Whether the pixels were changed before they were sent.';
COMMENT ON COLUMN "midrc"."imaging_series"."image_type" IS 'DICOM ImageType.';
COMMENT ON COLUMN "midrc"."imaging_series"."imager_pixel_spacing" IS 'DICOM ImagerPixelSpacing, in mm.';
COMMENT ON COLUMN "midrc"."imaging_series"."lossy_image_compression" IS 'DICOM LossyImageCompression.';
COMMENT ON COLUMN "midrc"."imaging_series"."pixel_spacing" IS 'DICOM PixelSpacing, in mm.';
COMMENT ON COLUMN "midrc"."imaging_series"."spatial_resolution" IS 'DICOM SpatialResolution, in mm.';
COMMENT ON COLUMN "midrc"."imaging_series"."view_position" IS 'DICOM ViewPosition.';
COMMENT ON COLUMN "midrc"."imaging_series"."data_format" IS 'Format of the file.';
COMMENT ON COLUMN "midrc"."imaging_series"."data_type" IS 'Kind of content of the file.';
COMMENT ON COLUMN "midrc"."imaging_series"."dicom_header_file_guid" IS 'Id of the file of headers in Gen3.';
COMMENT ON COLUMN "midrc"."imaging_series"."core_metadata_collections" IS 'Key of the collection in Gen3.';
COMMENT ON COLUMN "midrc"."imaging_series"."imaging_studies" IS 'Key of the study.';
COMMENT ON COLUMN "midrc"."imaging_series"."acquisition_type" IS 'DICOM AcquisitionType of computed tomography.';
COMMENT ON COLUMN "midrc"."imaging_series"."convolution_kernel" IS 'DICOM ConvolutionKernel.';
COMMENT ON COLUMN "midrc"."imaging_series"."exposure_modulation_type" IS 'DICOM ExposureModulationType.';
COMMENT ON COLUMN "midrc"."imaging_series"."patient_position" IS 'DICOM PatientPosition.';
COMMENT ON COLUMN "midrc"."imaging_series"."slice_thickness" IS 'DICOM SliceThickness, in mm.';
COMMENT ON COLUMN "midrc"."imaging_series"."spacing_between_slices" IS 'DICOM SpacingBetweenSlices, in mm.';
COMMENT ON COLUMN "midrc"."imaging_series"."code_meaning" IS 'Meaning of the view''s code in mammography.';
COMMENT ON COLUMN "midrc"."imaging_series"."sop_class_name" IS 'Name of the kind of DICOM object.';
COMMENT ON COLUMN "midrc"."imaging_series"."magnetic_field_strength" IS 'DICOM MagneticFieldStrength, in tesla.';
COMMENT ON COLUMN "midrc"."imaging_series"."mr_acquisition_type" IS 'DICOM MRAcquisitionType, 2D or 3D.';
COMMENT ON COLUMN "midrc"."imaging_series"."scanning_sequence" IS 'DICOM ScanningSequence.';
COMMENT ON COLUMN "midrc"."imaging_series"."sequence_name" IS 'DICOM SequenceName.';
COMMENT ON COLUMN "midrc"."imaging_series"."angio_flag" IS 'DICOM AngioFlag.';
COMMENT ON COLUMN "midrc"."imaging_series"."diffusion_b_value" IS 'DICOM DiffusionBValue, in s/mm2.';
COMMENT ON COLUMN "midrc"."imaging_series"."diffusion_gradient_orientation" IS 'DICOM DiffusionGradientOrientation.';
COMMENT ON COLUMN "midrc"."imaging_series"."echo_number" IS 'DICOM EchoNumbers.';
COMMENT ON COLUMN "midrc"."imaging_series"."echo_time" IS 'DICOM EchoTime, in ms.';
COMMENT ON COLUMN "midrc"."imaging_series"."echo_train_length" IS 'DICOM EchoTrainLength.';
COMMENT ON COLUMN "midrc"."imaging_series"."imaged_nucleus" IS 'DICOM ImagedNucleus.';
COMMENT ON COLUMN "midrc"."imaging_series"."number_of_temporal_positions" IS 'DICOM NumberOfTemporalPositions.';
COMMENT ON COLUMN "midrc"."imaging_series"."repetition_time" IS 'DICOM RepetitionTime, in ms.';
COMMENT ON COLUMN "midrc"."imaging_series"."scan_options" IS 'DICOM ScanOptions.';
COMMENT ON COLUMN "midrc"."imaging_series"."sequence_variant" IS 'DICOM SequenceVariant.';
COMMENT ON COLUMN "midrc"."imaging_series"."software_version" IS 'DICOM SoftwareVersions.';
COMMENT ON COLUMN "midrc"."imaging_series"."radiopharmaceutical" IS 'The radiopharmaceutical that was given.';
COMMENT ON COLUMN "midrc"."imaging_series"."ct_images" IS 'Whether images of computed tomography belong to it.';
COMMENT ON COLUMN "midrc"."imaging_series"."region_spatial_format" IS 'DICOM RegionSpatialFormat.';
COMMENT ON COLUMN "midrc"."imaging_series"."transducer_type" IS 'DICOM TransducerType.';
COMMENT ON COLUMN "midrc"."imaging_series"."radiation_setting" IS 'DICOM RadiationSetting.';
COMMENT ON COLUMN "midrc"."imaging_series"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."imaging_series"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."imaging_series"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."imaging_series"."case_key" IS 'submitter_id of the case within its project.';
COMMENT ON COLUMN "midrc"."imaging_series"."accession_hash" IS 'sha256 of the accession number (DICOM AccessionNumber, FHIR identifier of the type ACSN), by which a study meets the procedure that was ordered. The number may identify somebody and is not kept; the hash is not published.';
COMMENT ON COLUMN "midrc"."imaging_series"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."imaging_series"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."imaging_series"."study_uid" IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN "midrc"."imaging_series"."series_uid" IS 'DICOM SeriesInstanceUID.';
COMMENT ON COLUMN "midrc"."imaging_series"."modality" IS 'DICOM Modality.';
COMMENT ON COLUMN "midrc"."imaging_series"."sop_class_uid" IS 'DICOM SOPClassUID.';
COMMENT ON COLUMN "midrc"."imaging_series"."is_image" IS 'Whether the series holds pixels.';
COMMENT ON COLUMN "midrc"."imaging_series"."is_derived" IS 'Whether the series was made from other series.';
COMMENT ON COLUMN "midrc"."imaging_series"."series_number" IS 'DICOM SeriesNumber.';
COMMENT ON COLUMN "midrc"."imaging_series"."series_date" IS 'Day of the series, in the calendar of the images.';
COMMENT ON COLUMN "midrc"."imaging_series"."study_date" IS 'Day of the study, in the calendar of the images.';
COMMENT ON COLUMN "midrc"."imaging_series"."study_day" IS 'Days from the index event to the study, where the source gives no dates.';
COMMENT ON COLUMN "midrc"."imaging_series"."series_description" IS 'DICOM SeriesDescription.';
COMMENT ON COLUMN "midrc"."imaging_series"."study_description" IS 'DICOM StudyDescription.';
COMMENT ON COLUMN "midrc"."imaging_series"."body_part_examined" IS 'DICOM BodyPartExamined.';
COMMENT ON COLUMN "midrc"."imaging_series"."laterality" IS 'DICOM Laterality.';
COMMENT ON COLUMN "midrc"."imaging_series"."instance_count" IS 'DICOM instances (files).';
COMMENT ON COLUMN "midrc"."imaging_series"."series_size_mb" IS 'Size of the series in megabytes.';
COMMENT ON COLUMN "midrc"."imaging_series"."uri" IS 'Where the series can be fetched.';
COMMENT ON COLUMN "midrc"."imaging_series"."license" IS 'Licence under which the images may be used.';
COMMENT ON COLUMN "midrc"."imaging_series"."manufacturer" IS 'DICOM Manufacturer.';
COMMENT ON COLUMN "midrc"."imaging_series"."manufacturer_model_name" IS 'DICOM ManufacturerModelName.';
COMMENT ON COLUMN "midrc"."imaging_series"."collection" IS 'Collection of the public index.';
COMMENT ON COLUMN "midrc"."imaging_series"."patient_age" IS 'DICOM PatientAge.';
COMMENT ON COLUMN "midrc"."imaging_series"."patient_sex" IS 'DICOM PatientSex.';

CREATE TABLE IF NOT EXISTS "midrc"."annotation" (
  "type" VARCHAR NOT NULL,
  "id" VARCHAR,
  "submitter_id" VARCHAR NOT NULL,
  "case_ids" VARCHAR[],
  "state" VARCHAR,
  "project_id" VARCHAR,
  "created_datetime" TIMESTAMP,
  "updated_datetime" TIMESTAMP,
  "airspace_disease_grading" VARCHAR,
  "annotator_id" VARCHAR,
  "annotation_long_name" VARCHAR,
  "annotation_method" VARCHAR,
  "annotation_name" VARCHAR,
  "class_covid19_pneumonia" VARCHAR,
  "instance_uids" VARCHAR[],
  "midrc_mRALE_score" INTEGER,
  "sift_image_quality_index" VARCHAR,
  "software_version" VARCHAR,
  "datasets" VARCHAR,
  "cases" VARCHAR,
  "imaging_studies" VARCHAR,
  "cr_series_files" VARCHAR,
  "ct_series_files" VARCHAR,
  "dx_series_files" VARCHAR,
  "mg_series_files" VARCHAR,
  "mr_series_files" VARCHAR,
  "nm_series_files" VARCHAR,
  "pt_series_files" VARCHAR,
  "rf_series_files" VARCHAR,
  "us_series_files" VARCHAR,
  "xa_series_files" VARCHAR,
  "annotation_files" VARCHAR,
  "dicom_annotation_files" VARCHAR,
  "record_id" BIGINT NOT NULL,
  "row_key" UUID NOT NULL,
  "mapping_id" USMALLINT NOT NULL,
  "case_key" VARCHAR,
  "study_uid" VARCHAR NOT NULL,
  "series_uid" VARCHAR,
  "sop_uid" VARCHAR,
  "frame_number" INTEGER,
  "scope" VARCHAR,
  "geometry" VARCHAR,
  "collection" VARCHAR,
  "label_id" VARCHAR,
  "label_name" VARCHAR,
  "label_parent" VARCHAR,
  "label_group" VARCHAR,
  "reader_key" VARCHAR,
  "read_role" VARCHAR,
  "repeats" VARCHAR,
  "question" VARCHAR,
  "answer" VARCHAR,
  "coding" VARCHAR,
  "value_coding" VARCHAR,
  "note" VARCHAR,
  "created" TIMESTAMP,
  "type_hint" VARCHAR
);
COMMENT ON TABLE "midrc"."annotation" IS 'One label that one reader, or one program, gave to a study, series or image. It names its study by study_uid, has its case from there, and waits without a case until that study is loaded.';
COMMENT ON COLUMN "midrc"."annotation"."type" IS 'Node of the dictionary.';
COMMENT ON COLUMN "midrc"."annotation"."id" IS 'Universally Unique Identifier';
COMMENT ON COLUMN "midrc"."annotation"."submitter_id" IS 'Key of the row within its project.';
COMMENT ON COLUMN "midrc"."annotation"."case_ids" IS 'Keys of the cases that the row belongs to.';
COMMENT ON COLUMN "midrc"."annotation"."state" IS 'State of the record in Gen3.';
COMMENT ON COLUMN "midrc"."annotation"."project_id" IS 'The project.';
COMMENT ON COLUMN "midrc"."annotation"."created_datetime" IS 'When Gen3 created the record.';
COMMENT ON COLUMN "midrc"."annotation"."updated_datetime" IS 'When Gen3 last changed the record.';
COMMENT ON COLUMN "midrc"."annotation"."airspace_disease_grading" IS 'Grade of airspace disease that the reader gave.';
COMMENT ON COLUMN "midrc"."annotation"."annotator_id" IS 'Who gave the label.';
COMMENT ON COLUMN "midrc"."annotation"."annotation_long_name" IS 'Name of the label in full.';
COMMENT ON COLUMN "midrc"."annotation"."annotation_method" IS 'How the label was given.';
COMMENT ON COLUMN "midrc"."annotation"."annotation_name" IS 'Annotation Name';
COMMENT ON COLUMN "midrc"."annotation"."class_covid19_pneumonia" IS 'How the study looks with regard to pneumonia of COVID-19.';
COMMENT ON COLUMN "midrc"."annotation"."instance_uids" IS 'DICOM SOPInstanceUIDs that the label is about.';
COMMENT ON COLUMN "midrc"."annotation"."midrc_mRALE_score" IS 'Modified RALE score of the film.';
COMMENT ON COLUMN "midrc"."annotation"."sift_image_quality_index" IS 'Index of the image''s quality.';
COMMENT ON COLUMN "midrc"."annotation"."software_version" IS 'Software Version(s)';
COMMENT ON COLUMN "midrc"."annotation"."datasets" IS 'The data set that the row belongs to.';
COMMENT ON COLUMN "midrc"."annotation"."cases" IS 'Key of the case.';
COMMENT ON COLUMN "midrc"."annotation"."imaging_studies" IS 'Key of the study.';
COMMENT ON COLUMN "midrc"."annotation"."cr_series_files" IS 'Keys of series of computed radiography.';
COMMENT ON COLUMN "midrc"."annotation"."ct_series_files" IS 'Keys of series of computed tomography.';
COMMENT ON COLUMN "midrc"."annotation"."dx_series_files" IS 'Keys of series of digital radiography.';
COMMENT ON COLUMN "midrc"."annotation"."mg_series_files" IS 'Keys of series of mammography.';
COMMENT ON COLUMN "midrc"."annotation"."mr_series_files" IS 'Keys of series of magnetic resonance.';
COMMENT ON COLUMN "midrc"."annotation"."nm_series_files" IS 'Keys of series of nuclear medicine.';
COMMENT ON COLUMN "midrc"."annotation"."pt_series_files" IS 'Keys of series of positron emission tomography.';
COMMENT ON COLUMN "midrc"."annotation"."rf_series_files" IS 'Keys of series of fluoroscopy.';
COMMENT ON COLUMN "midrc"."annotation"."us_series_files" IS 'Keys of series of ultrasound.';
COMMENT ON COLUMN "midrc"."annotation"."xa_series_files" IS 'Keys of series of angiography.';
COMMENT ON COLUMN "midrc"."annotation"."annotation_files" IS 'Keys of the files of the annotation.';
COMMENT ON COLUMN "midrc"."annotation"."dicom_annotation_files" IS 'Keys of the DICOM files of the annotation.';
COMMENT ON COLUMN "midrc"."annotation"."record_id" IS 'The source record this row was made from (harmonize.record).';
COMMENT ON COLUMN "midrc"."annotation"."row_key" IS 'md5 of project, record type, record key and part, as a UUID; the row''s identity over loads.';
COMMENT ON COLUMN "midrc"."annotation"."mapping_id" IS 'The entry of the mapping that made the row (harmonize.mapping).';
COMMENT ON COLUMN "midrc"."annotation"."case_key" IS 'submitter_id of the study''s case, from the study as it is loaded.';
COMMENT ON COLUMN "midrc"."annotation"."study_uid" IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN "midrc"."annotation"."series_uid" IS 'DICOM SeriesInstanceUID, where the label is about less than the study.';
COMMENT ON COLUMN "midrc"."annotation"."sop_uid" IS 'DICOM SOPInstanceUID, where the label is about one image.';
COMMENT ON COLUMN "midrc"."annotation"."frame_number" IS 'Frame of the image, where the label is about one.';
COMMENT ON COLUMN "midrc"."annotation"."scope" IS 'What the label is about (study, series, instance), as the source writes it.';
COMMENT ON COLUMN "midrc"."annotation"."geometry" IS 'Where it is on the image, as the source''s JSON.';
COMMENT ON COLUMN "midrc"."annotation"."collection" IS 'The dataset that the reading belongs to; its studies were read by the same label groups.';
COMMENT ON COLUMN "midrc"."annotation"."label_id" IS 'Key of the label in the tool of the readers.';
COMMENT ON COLUMN "midrc"."annotation"."label_name" IS 'The label as the tool of the readers names it.';
COMMENT ON COLUMN "midrc"."annotation"."label_parent" IS 'Name of the label above.';
COMMENT ON COLUMN "midrc"."annotation"."label_group" IS 'The team or round of reading that the label belongs to.';
COMMENT ON COLUMN "midrc"."annotation"."reader_key" IS 'Who gave the label; one person in two groups is two readers.';
COMMENT ON COLUMN "midrc"."annotation"."read_role" IS 'What the reading is worth for the consensus.';
COMMENT ON COLUMN "midrc"."annotation"."repeats" IS 'submitter_id of the annotation by which another source tells the same reading (study, reader and label); that one stands in OMOP, and this one supports it. Computed; absent means that the row tells the reading itself.';
COMMENT ON COLUMN "midrc"."annotation"."question" IS 'What the label answers; readings of one question are compared. A label that answers no shared question stands for itself and has none.';
COMMENT ON COLUMN "midrc"."annotation"."answer" IS 'The answer in one word, the same for all readers and exports.';
COMMENT ON COLUMN "midrc"."annotation"."coding" IS 'The question as vocabulary:code.';
COMMENT ON COLUMN "midrc"."annotation"."value_coding" IS 'The answer as vocabulary:code.';
COMMENT ON COLUMN "midrc"."annotation"."note" IS 'What the reader added, as text.';
COMMENT ON COLUMN "midrc"."annotation"."created" IS 'When the reader gave it; another calendar than that of the study where dates are moved.';
COMMENT ON COLUMN "midrc"."annotation"."type_hint" IS 'Provenance of the row, as Type Concept:code; absent means the source''s own.';
