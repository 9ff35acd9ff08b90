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
COMMENT ON COLUMN "omop"."person"."person_id" IS 'Id of the person.';
COMMENT ON COLUMN "omop"."person"."gender_concept_id" IS 'Sex as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."person"."year_of_birth" IS 'Year of birth.';
COMMENT ON COLUMN "omop"."person"."month_of_birth" IS 'Month of birth, 1 to 12; NULL where not known.';
COMMENT ON COLUMN "omop"."person"."day_of_birth" IS 'Day of the month of birth; NULL where not known.';
COMMENT ON COLUMN "omop"."person"."birth_datetime" IS 'Day and time of birth; NULL where not known.';
COMMENT ON COLUMN "omop"."person"."race_concept_id" IS 'Race as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."person"."ethnicity_concept_id" IS 'Hispanic or Latino, or not, as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."person"."location_id" IS 'Where the person lives; NULL where not known.';
COMMENT ON COLUMN "omop"."person"."provider_id" IS 'The person''s own doctor; NULL where not known.';
COMMENT ON COLUMN "omop"."person"."care_site_id" IS 'The person''s usual place of care; NULL where not known.';
COMMENT ON COLUMN "omop"."person"."person_source_value" IS 'Key of the person in the source.';
COMMENT ON COLUMN "omop"."person"."gender_source_value" IS 'Sex as the source writes it.';
COMMENT ON COLUMN "omop"."person"."gender_source_concept_id" IS 'Concept of the source''s own code of sex; 0 where there is none.';
COMMENT ON COLUMN "omop"."person"."race_source_value" IS 'Race as the source writes it.';
COMMENT ON COLUMN "omop"."person"."race_source_concept_id" IS 'Concept of the source''s own code of race; 0 where there is none.';
COMMENT ON COLUMN "omop"."person"."ethnicity_source_value" IS 'Ethnicity as the source writes it.';
COMMENT ON COLUMN "omop"."person"."ethnicity_source_concept_id" IS 'Concept of the source''s own code of ethnicity; 0 where there is none.';

CREATE TABLE "omop"."observation_period" (
  "observation_period_id" BIGINT NOT NULL,
  "person_id" BIGINT NOT NULL,
  "observation_period_start_date" DATE NOT NULL,
  "observation_period_end_date" DATE NOT NULL,
  "period_type_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("observation_period_id")
);
COMMENT ON TABLE "omop"."observation_period" IS 'Spans of time in which events of a person would have been recorded.';
COMMENT ON COLUMN "omop"."observation_period"."observation_period_id" IS 'Id of the period.';
COMMENT ON COLUMN "omop"."observation_period"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."observation_period"."observation_period_start_date" IS 'First day of the period.';
COMMENT ON COLUMN "omop"."observation_period"."observation_period_end_date" IS 'Last day of the period.';
COMMENT ON COLUMN "omop"."observation_period"."period_type_concept_id" IS 'What the period was derived from, as a type concept.';

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
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_occurrence_id" IS 'Id of the visit.';
COMMENT ON COLUMN "omop"."visit_occurrence"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_concept_id" IS 'Kind of visit (inpatient, outpatient, emergency ...) as a standard concept.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_start_date" IS 'First day of the visit.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_start_datetime" IS 'Start of the visit with its time, where that is known.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_end_date" IS 'Last day of the visit.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_end_datetime" IS 'End of the visit with its time, where that is known.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_type_concept_id" IS 'Where the record of the visit is from, as a type concept.';
COMMENT ON COLUMN "omop"."visit_occurrence"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."visit_occurrence"."care_site_id" IS 'The care site; NULL where not known.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."visit_occurrence"."visit_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."visit_occurrence"."admitted_from_concept_id" IS 'Where the person came from, as a concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."visit_occurrence"."admitted_from_source_value" IS 'Where the person came from, as the source writes it.';
COMMENT ON COLUMN "omop"."visit_occurrence"."discharged_to_concept_id" IS 'Where the person went, as a concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."visit_occurrence"."discharged_to_source_value" IS 'Where the person went, as the source writes it.';
COMMENT ON COLUMN "omop"."visit_occurrence"."preceding_visit_occurrence_id" IS 'The visit before this one of the same person.';

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
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_id" IS 'Id of the part of the visit.';
COMMENT ON COLUMN "omop"."visit_detail"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_concept_id" IS 'Kind of care (such as intensive care) as a standard concept.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_start_date" IS 'First day of the part of the visit.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_start_datetime" IS 'Start of the part of the visit with its time, where that is known.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_end_date" IS 'Last day of the part of the visit.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_end_datetime" IS 'End of the part of the visit with its time, where that is known.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_type_concept_id" IS 'Where the record of the part of the visit is from, as a type concept.';
COMMENT ON COLUMN "omop"."visit_detail"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."visit_detail"."care_site_id" IS 'The care site; NULL where not known.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_detail_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."visit_detail"."admitted_from_concept_id" IS 'Where the person came from, as a concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."visit_detail"."admitted_from_source_value" IS 'Where the person came from, as the source writes it.';
COMMENT ON COLUMN "omop"."visit_detail"."discharged_to_source_value" IS 'Where the person went, as the source writes it.';
COMMENT ON COLUMN "omop"."visit_detail"."discharged_to_concept_id" IS 'Where the person went, as a concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."visit_detail"."preceding_visit_detail_id" IS 'The part of the visit before this one.';
COMMENT ON COLUMN "omop"."visit_detail"."parent_visit_detail_id" IS 'The larger part of the visit that this one belongs to.';
COMMENT ON COLUMN "omop"."visit_detail"."visit_occurrence_id" IS 'The visit that it is a part of.';

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
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_occurrence_id" IS 'Id of the condition.';
COMMENT ON COLUMN "omop"."condition_occurrence"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_start_date" IS 'First day of the condition.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_start_datetime" IS 'Start of the condition with its time, where that is known.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_end_date" IS 'Last day of the condition.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_end_datetime" IS 'End of the condition with its time, where that is known.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_type_concept_id" IS 'Where the record of the condition is from, as a type concept.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_status_concept_id" IS 'What the diagnosis was for the visit (admission, final, provisional ...) as a concept.';
COMMENT ON COLUMN "omop"."condition_occurrence"."stop_reason" IS 'Why it ended, as the source writes it.';
COMMENT ON COLUMN "omop"."condition_occurrence"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."condition_occurrence"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."condition_occurrence"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."condition_occurrence"."condition_status_source_value" IS 'The same as the source writes it.';

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
COMMENT ON COLUMN "omop"."drug_exposure"."drug_exposure_id" IS 'Id of the exposure.';
COMMENT ON COLUMN "omop"."drug_exposure"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_exposure_start_date" IS 'First day of the exposure.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_exposure_start_datetime" IS 'Start of the exposure with its time, where that is known.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_exposure_end_date" IS 'Last day of the exposure.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_exposure_end_datetime" IS 'End of the exposure with its time, where that is known.';
COMMENT ON COLUMN "omop"."drug_exposure"."verbatim_end_date" IS 'Last day of the exposure where the source itself names it.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_type_concept_id" IS 'Where the record of the exposure is from, as a type concept.';
COMMENT ON COLUMN "omop"."drug_exposure"."stop_reason" IS 'Why it ended, as the source writes it.';
COMMENT ON COLUMN "omop"."drug_exposure"."refills" IS 'Refills after the first supply.';
COMMENT ON COLUMN "omop"."drug_exposure"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "omop"."drug_exposure"."days_supply" IS 'Days for which the supply lasts.';
COMMENT ON COLUMN "omop"."drug_exposure"."sig" IS 'Directions for use, as text.';
COMMENT ON COLUMN "omop"."drug_exposure"."route_concept_id" IS 'Route of administration as a standard concept.';
COMMENT ON COLUMN "omop"."drug_exposure"."lot_number" IS 'Lot of the product.';
COMMENT ON COLUMN "omop"."drug_exposure"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."drug_exposure"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."drug_exposure"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."drug_exposure"."drug_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."drug_exposure"."route_source_value" IS 'Route as the source writes it.';
COMMENT ON COLUMN "omop"."drug_exposure"."dose_unit_source_value" IS 'Unit of the dose as the source writes it.';

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
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_occurrence_id" IS 'Id of the procedure.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_date" IS 'Day of the procedure.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_datetime" IS 'Time of the procedure with its time, where that is known.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_end_date" IS 'Last day of the procedure.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_end_datetime" IS 'End of the procedure with its time, where that is known.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_type_concept_id" IS 'Where the record of the procedure is from, as a type concept.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."modifier_concept_id" IS 'What qualifies the procedure (such as its side) as a concept.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."procedure_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."procedure_occurrence"."modifier_source_value" IS 'The same as the source writes it.';

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
COMMENT ON COLUMN "omop"."device_exposure"."device_exposure_id" IS 'Id of the exposure.';
COMMENT ON COLUMN "omop"."device_exposure"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."device_exposure"."device_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."device_exposure"."device_exposure_start_date" IS 'First day of the exposure.';
COMMENT ON COLUMN "omop"."device_exposure"."device_exposure_start_datetime" IS 'Start of the exposure with its time, where that is known.';
COMMENT ON COLUMN "omop"."device_exposure"."device_exposure_end_date" IS 'Last day of the exposure.';
COMMENT ON COLUMN "omop"."device_exposure"."device_exposure_end_datetime" IS 'End of the exposure with its time, where that is known.';
COMMENT ON COLUMN "omop"."device_exposure"."device_type_concept_id" IS 'Where the record of the exposure is from, as a type concept.';
COMMENT ON COLUMN "omop"."device_exposure"."unique_device_id" IS 'Unique identifier of the device (UDI).';
COMMENT ON COLUMN "omop"."device_exposure"."production_id" IS 'Part of the identifier that names the production.';
COMMENT ON COLUMN "omop"."device_exposure"."quantity" IS 'How many or how much.';
COMMENT ON COLUMN "omop"."device_exposure"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."device_exposure"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."device_exposure"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."device_exposure"."device_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."device_exposure"."device_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."device_exposure"."unit_concept_id" IS 'Unit of the number as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."device_exposure"."unit_source_value" IS 'Unit as the source writes it.';
COMMENT ON COLUMN "omop"."device_exposure"."unit_source_concept_id" IS 'Concept of the source''s own code of the unit; 0 where there is none.';

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
COMMENT ON COLUMN "omop"."measurement"."measurement_id" IS 'Id of the measurement.';
COMMENT ON COLUMN "omop"."measurement"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."measurement"."measurement_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."measurement"."measurement_date" IS 'Day of the measurement.';
COMMENT ON COLUMN "omop"."measurement"."measurement_datetime" IS 'Time of the measurement with its time, where that is known.';
COMMENT ON COLUMN "omop"."measurement"."measurement_time" IS 'Time of the day as text; kept for older tools.';
COMMENT ON COLUMN "omop"."measurement"."measurement_type_concept_id" IS 'Where the record of the measurement is from, as a type concept.';
COMMENT ON COLUMN "omop"."measurement"."operator_concept_id" IS 'Operator of the value (<, <=, =, >=, >) as a concept; NULL where the value is exact.';
COMMENT ON COLUMN "omop"."measurement"."value_as_number" IS 'The value as a number, in the unit.';
COMMENT ON COLUMN "omop"."measurement"."value_as_concept_id" IS 'The value as a concept; 0 where its text or code has none.';
COMMENT ON COLUMN "omop"."measurement"."unit_concept_id" IS 'Unit of the number as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."measurement"."range_low" IS 'Lower end of the normal range, in the same unit.';
COMMENT ON COLUMN "omop"."measurement"."range_high" IS 'Upper end of the normal range, in the same unit.';
COMMENT ON COLUMN "omop"."measurement"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."measurement"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."measurement"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."measurement"."measurement_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."measurement"."measurement_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."measurement"."unit_source_value" IS 'Unit as the source writes it.';
COMMENT ON COLUMN "omop"."measurement"."unit_source_concept_id" IS 'Concept of the source''s own code of the unit; 0 where there is none.';
COMMENT ON COLUMN "omop"."measurement"."value_source_value" IS 'The value as the source writes it.';
COMMENT ON COLUMN "omop"."measurement"."measurement_event_id" IS 'Row of another table that the measurement belongs to.';
COMMENT ON COLUMN "omop"."measurement"."meas_event_field_concept_id" IS 'Which table and key measurement_event_id is of, as a concept.';

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
COMMENT ON COLUMN "omop"."observation"."observation_id" IS 'Id of the observation.';
COMMENT ON COLUMN "omop"."observation"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."observation"."observation_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."observation"."observation_date" IS 'Day of the observation.';
COMMENT ON COLUMN "omop"."observation"."observation_datetime" IS 'Time of the observation with its time, where that is known.';
COMMENT ON COLUMN "omop"."observation"."observation_type_concept_id" IS 'Where the record of the observation is from, as a type concept.';
COMMENT ON COLUMN "omop"."observation"."value_as_number" IS 'The value as a number, in the unit.';
COMMENT ON COLUMN "omop"."observation"."value_as_string" IS 'The value as text.';
COMMENT ON COLUMN "omop"."observation"."value_as_concept_id" IS 'The value as a concept; 0 where its text or code has none.';
COMMENT ON COLUMN "omop"."observation"."qualifier_concept_id" IS 'What qualifies the observation, as a concept.';
COMMENT ON COLUMN "omop"."observation"."unit_concept_id" IS 'Unit of the number as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."observation"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."observation"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."observation"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."observation"."observation_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."observation"."observation_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';
COMMENT ON COLUMN "omop"."observation"."unit_source_value" IS 'Unit as the source writes it.';
COMMENT ON COLUMN "omop"."observation"."qualifier_source_value" IS 'The same as the source writes it.';
COMMENT ON COLUMN "omop"."observation"."value_source_value" IS 'The value as the source writes it.';
COMMENT ON COLUMN "omop"."observation"."observation_event_id" IS 'Row of another table that the observation belongs to.';
COMMENT ON COLUMN "omop"."observation"."obs_event_field_concept_id" IS 'Which table and key observation_event_id is of, as a concept.';

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
COMMENT ON COLUMN "omop"."death"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."death"."death_date" IS 'Day of death.';
COMMENT ON COLUMN "omop"."death"."death_datetime" IS 'Time of death; midnight where only the day is known.';
COMMENT ON COLUMN "omop"."death"."death_type_concept_id" IS 'Where the record of the death is from, as a type concept.';
COMMENT ON COLUMN "omop"."death"."cause_concept_id" IS 'Cause of death as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."death"."cause_source_value" IS 'Cause of death as the source writes it.';
COMMENT ON COLUMN "omop"."death"."cause_source_concept_id" IS 'Concept of the source''s own code of the cause; 0 where there is none.';

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
COMMENT ON COLUMN "omop"."note"."note_id" IS 'Id of the note.';
COMMENT ON COLUMN "omop"."note"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."note"."note_date" IS 'Day of the note.';
COMMENT ON COLUMN "omop"."note"."note_datetime" IS 'Time of the note with its time, where that is known.';
COMMENT ON COLUMN "omop"."note"."note_type_concept_id" IS 'Where the record of the note is from, as a type concept.';
COMMENT ON COLUMN "omop"."note"."note_class_concept_id" IS 'What kind of document it is, as a concept.';
COMMENT ON COLUMN "omop"."note"."note_title" IS 'Title of the note.';
COMMENT ON COLUMN "omop"."note"."note_text" IS 'Text of the note.';
COMMENT ON COLUMN "omop"."note"."encoding_concept_id" IS 'Encoding of the characters, as a concept.';
COMMENT ON COLUMN "omop"."note"."language_concept_id" IS 'Language of the text, as a concept.';
COMMENT ON COLUMN "omop"."note"."provider_id" IS 'The provider who is responsible; NULL where not known.';
COMMENT ON COLUMN "omop"."note"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."note"."visit_detail_id" IS 'The part of the visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."note"."note_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."note"."note_event_id" IS 'Row of another table that the note belongs to.';
COMMENT ON COLUMN "omop"."note"."note_event_field_concept_id" IS 'Which table and key note_event_id is of, as a concept.';

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
COMMENT ON COLUMN "omop"."note_nlp"."note_nlp_id" IS 'Id of the finding.';
COMMENT ON COLUMN "omop"."note_nlp"."note_id" IS 'The note.';
COMMENT ON COLUMN "omop"."note_nlp"."section_concept_id" IS 'Section of the note, as a concept.';
COMMENT ON COLUMN "omop"."note_nlp"."snippet" IS 'The words around the term.';
COMMENT ON COLUMN "omop"."note_nlp"."offset" IS 'Place of the term in the text.';
COMMENT ON COLUMN "omop"."note_nlp"."lexical_variant" IS 'The term as it is written.';
COMMENT ON COLUMN "omop"."note_nlp"."note_nlp_concept_id" IS 'What was found, as a standard concept.';
COMMENT ON COLUMN "omop"."note_nlp"."note_nlp_source_concept_id" IS 'What was found, as a concept of the tool''s own terminology.';
COMMENT ON COLUMN "omop"."note_nlp"."nlp_system" IS 'Name and version of the tool.';
COMMENT ON COLUMN "omop"."note_nlp"."nlp_date" IS 'Day on which the note was read by the tool.';
COMMENT ON COLUMN "omop"."note_nlp"."nlp_datetime" IS 'Time at which the note was read by the tool.';
COMMENT ON COLUMN "omop"."note_nlp"."term_exists" IS 'Y: the note says that it is there; N: that it is not, or that it may be.';
COMMENT ON COLUMN "omop"."note_nlp"."term_temporal" IS 'Whether it is of now or of the past.';
COMMENT ON COLUMN "omop"."note_nlp"."term_modifiers" IS 'What else the note says of the term.';

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
COMMENT ON COLUMN "omop"."specimen"."specimen_id" IS 'Id of the specimen.';
COMMENT ON COLUMN "omop"."specimen"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."specimen"."specimen_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."specimen"."specimen_type_concept_id" IS 'Where the record of the specimen is from, as a type concept.';
COMMENT ON COLUMN "omop"."specimen"."specimen_date" IS 'Day of the specimen.';
COMMENT ON COLUMN "omop"."specimen"."specimen_datetime" IS 'Time of the specimen with its time, where that is known.';
COMMENT ON COLUMN "omop"."specimen"."quantity" IS 'Amount of the specimen, in the unit.';
COMMENT ON COLUMN "omop"."specimen"."unit_concept_id" IS 'Unit of the number as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."specimen"."anatomic_site_concept_id" IS 'Part of the body as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."specimen"."disease_status_concept_id" IS 'Whether the specimen is of diseased tissue, as a concept.';
COMMENT ON COLUMN "omop"."specimen"."specimen_source_id" IS 'Key of the specimen in the source.';
COMMENT ON COLUMN "omop"."specimen"."specimen_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."specimen"."unit_source_value" IS 'Unit as the source writes it.';
COMMENT ON COLUMN "omop"."specimen"."anatomic_site_source_value" IS 'Part of the body as the source writes it.';
COMMENT ON COLUMN "omop"."specimen"."disease_status_source_value" IS 'The same as the source writes it.';

CREATE TABLE "omop"."fact_relationship" (
  "domain_concept_id_1" INTEGER NOT NULL,
  "fact_id_1" BIGINT NOT NULL,
  "domain_concept_id_2" INTEGER NOT NULL,
  "fact_id_2" BIGINT NOT NULL,
  "relationship_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."fact_relationship" IS 'A relation between two rows of any tables.';
COMMENT ON COLUMN "omop"."fact_relationship"."domain_concept_id_1" IS 'Table of the first row, as a concept.';
COMMENT ON COLUMN "omop"."fact_relationship"."fact_id_1" IS 'Key of the first row.';
COMMENT ON COLUMN "omop"."fact_relationship"."domain_concept_id_2" IS 'Table of the second row, as a concept.';
COMMENT ON COLUMN "omop"."fact_relationship"."fact_id_2" IS 'Key of the second row.';
COMMENT ON COLUMN "omop"."fact_relationship"."relationship_concept_id" IS 'What the first is to the second, as a concept.';

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
COMMENT ON COLUMN "omop"."location"."location_id" IS 'Id of the place.';
COMMENT ON COLUMN "omop"."location"."address_1" IS 'Street and number.';
COMMENT ON COLUMN "omop"."location"."address_2" IS 'Further part of the address.';
COMMENT ON COLUMN "omop"."location"."city" IS 'City.';
COMMENT ON COLUMN "omop"."location"."state" IS 'State, two letters.';
COMMENT ON COLUMN "omop"."location"."zip" IS 'Postal code.';
COMMENT ON COLUMN "omop"."location"."county" IS 'County.';
COMMENT ON COLUMN "omop"."location"."location_source_value" IS 'The place as the source writes it.';
COMMENT ON COLUMN "omop"."location"."country_concept_id" IS 'Country as a concept.';
COMMENT ON COLUMN "omop"."location"."country_source_value" IS 'Country as the source writes it.';
COMMENT ON COLUMN "omop"."location"."latitude" IS 'Latitude in degrees.';
COMMENT ON COLUMN "omop"."location"."longitude" IS 'Longitude in degrees.';

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
COMMENT ON COLUMN "omop"."care_site"."care_site_id" IS 'Id of the care site.';
COMMENT ON COLUMN "omop"."care_site"."care_site_name" IS 'Name of the care site.';
COMMENT ON COLUMN "omop"."care_site"."place_of_service_concept_id" IS 'Kind of care site as a standard concept.';
COMMENT ON COLUMN "omop"."care_site"."location_id" IS 'The place; NULL where not known.';
COMMENT ON COLUMN "omop"."care_site"."care_site_source_value" IS 'Key of the care site in the source.';
COMMENT ON COLUMN "omop"."care_site"."place_of_service_source_value" IS 'Kind of care site as the source writes it.';

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
COMMENT ON COLUMN "omop"."provider"."provider_id" IS 'Id of the provider.';
COMMENT ON COLUMN "omop"."provider"."provider_name" IS 'Name of the provider.';
COMMENT ON COLUMN "omop"."provider"."npi" IS 'National Provider Identifier.';
COMMENT ON COLUMN "omop"."provider"."dea" IS 'Number of the Drug Enforcement Administration.';
COMMENT ON COLUMN "omop"."provider"."specialty_concept_id" IS 'Specialty as a standard concept.';
COMMENT ON COLUMN "omop"."provider"."care_site_id" IS 'Where the provider mostly works; NULL where not known.';
COMMENT ON COLUMN "omop"."provider"."year_of_birth" IS 'Year of the provider''s birth.';
COMMENT ON COLUMN "omop"."provider"."gender_concept_id" IS 'Sex of the provider as a concept.';
COMMENT ON COLUMN "omop"."provider"."provider_source_value" IS 'Key of the provider in the source.';
COMMENT ON COLUMN "omop"."provider"."specialty_source_value" IS 'Specialty as the source writes it.';
COMMENT ON COLUMN "omop"."provider"."specialty_source_concept_id" IS 'Concept of the source''s own code of the specialty; 0 where there is none.';
COMMENT ON COLUMN "omop"."provider"."gender_source_value" IS 'Sex of the provider as the source writes it.';
COMMENT ON COLUMN "omop"."provider"."gender_source_concept_id" IS 'Concept of the source''s own code of sex; 0 where there is none.';

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
COMMENT ON COLUMN "omop"."payer_plan_period"."payer_plan_period_id" IS 'Id of the insured period.';
COMMENT ON COLUMN "omop"."payer_plan_period"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."payer_plan_period"."payer_plan_period_start_date" IS 'First day of the period.';
COMMENT ON COLUMN "omop"."payer_plan_period"."payer_plan_period_end_date" IS 'Last day of the period.';
COMMENT ON COLUMN "omop"."payer_plan_period"."payer_concept_id" IS 'Who pays, as a standard concept.';
COMMENT ON COLUMN "omop"."payer_plan_period"."payer_source_value" IS 'Who pays, as the source writes it.';
COMMENT ON COLUMN "omop"."payer_plan_period"."payer_source_concept_id" IS 'Concept of the source''s own code of the payer; 0 where there is none.';
COMMENT ON COLUMN "omop"."payer_plan_period"."plan_concept_id" IS 'The plan as a standard concept.';
COMMENT ON COLUMN "omop"."payer_plan_period"."plan_source_value" IS 'The plan as the source writes it.';
COMMENT ON COLUMN "omop"."payer_plan_period"."plan_source_concept_id" IS 'Concept of the source''s own code of the plan; 0 where there is none.';
COMMENT ON COLUMN "omop"."payer_plan_period"."sponsor_concept_id" IS 'Who finances the plan, as a standard concept.';
COMMENT ON COLUMN "omop"."payer_plan_period"."sponsor_source_value" IS 'Who finances the plan, as the source writes it.';
COMMENT ON COLUMN "omop"."payer_plan_period"."sponsor_source_concept_id" IS 'Concept of the source''s own code of the sponsor; 0 where there is none.';
COMMENT ON COLUMN "omop"."payer_plan_period"."family_source_value" IS 'Key of the family that is insured together.';
COMMENT ON COLUMN "omop"."payer_plan_period"."stop_reason_concept_id" IS 'Why the period ended, as a standard concept.';
COMMENT ON COLUMN "omop"."payer_plan_period"."stop_reason_source_value" IS 'Why the period ended, as the source writes it.';
COMMENT ON COLUMN "omop"."payer_plan_period"."stop_reason_source_concept_id" IS 'Concept of the source''s own code of that reason; 0 where there is none.';

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
COMMENT ON COLUMN "omop"."cost"."cost_id" IS 'Id of the cost.';
COMMENT ON COLUMN "omop"."cost"."cost_event_id" IS 'Row of the table that the cost is of.';
COMMENT ON COLUMN "omop"."cost"."cost_domain_id" IS 'Which table that is, by its domain.';
COMMENT ON COLUMN "omop"."cost"."cost_type_concept_id" IS 'Where the record of the cost is from, as a type concept.';
COMMENT ON COLUMN "omop"."cost"."currency_concept_id" IS 'Currency as a concept.';
COMMENT ON COLUMN "omop"."cost"."total_charge" IS 'What was charged.';
COMMENT ON COLUMN "omop"."cost"."total_cost" IS 'What it cost the provider.';
COMMENT ON COLUMN "omop"."cost"."total_paid" IS 'What was paid by all.';
COMMENT ON COLUMN "omop"."cost"."paid_by_payer" IS 'What the payer paid.';
COMMENT ON COLUMN "omop"."cost"."paid_by_patient" IS 'What the patient paid.';
COMMENT ON COLUMN "omop"."cost"."paid_patient_copay" IS 'Of it the fixed share of each service.';
COMMENT ON COLUMN "omop"."cost"."paid_patient_coinsurance" IS 'Of it the share in percent.';
COMMENT ON COLUMN "omop"."cost"."paid_patient_deductible" IS 'Of it what is paid before the plan pays.';
COMMENT ON COLUMN "omop"."cost"."paid_by_primary" IS 'What another plan paid first.';
COMMENT ON COLUMN "omop"."cost"."paid_ingredient_cost" IS 'What was paid for the drug itself.';
COMMENT ON COLUMN "omop"."cost"."paid_dispensing_fee" IS 'What was paid for dispensing it.';
COMMENT ON COLUMN "omop"."cost"."payer_plan_period_id" IS 'The insured period that paid.';
COMMENT ON COLUMN "omop"."cost"."amount_allowed" IS 'What the contract allows for it.';
COMMENT ON COLUMN "omop"."cost"."revenue_code_concept_id" IS 'Revenue code as a concept.';
COMMENT ON COLUMN "omop"."cost"."revenue_code_source_value" IS 'Revenue code as the source writes it.';
COMMENT ON COLUMN "omop"."cost"."drg_concept_id" IS 'Diagnosis-related group as a concept.';
COMMENT ON COLUMN "omop"."cost"."drg_source_value" IS 'Diagnosis-related group as the source writes it.';

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
COMMENT ON COLUMN "omop"."drug_era"."drug_era_id" IS 'Id of the era.';
COMMENT ON COLUMN "omop"."drug_era"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."drug_era"."drug_concept_id" IS 'The ingredient as a standard concept.';
COMMENT ON COLUMN "omop"."drug_era"."drug_era_start_date" IS 'First day of the era.';
COMMENT ON COLUMN "omop"."drug_era"."drug_era_end_date" IS 'Last day of the era.';
COMMENT ON COLUMN "omop"."drug_era"."drug_exposure_count" IS 'Exposures in the era.';
COMMENT ON COLUMN "omop"."drug_era"."gap_days" IS 'Days of the era without an exposure.';

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
COMMENT ON COLUMN "omop"."dose_era"."dose_era_id" IS 'Id of the era.';
COMMENT ON COLUMN "omop"."dose_era"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."dose_era"."drug_concept_id" IS 'The ingredient as a standard concept.';
COMMENT ON COLUMN "omop"."dose_era"."unit_concept_id" IS 'Unit of the dose as a standard concept.';
COMMENT ON COLUMN "omop"."dose_era"."dose_value" IS 'The dose, in the unit.';
COMMENT ON COLUMN "omop"."dose_era"."dose_era_start_date" IS 'First day of the era.';
COMMENT ON COLUMN "omop"."dose_era"."dose_era_end_date" IS 'Last day of the era.';

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
COMMENT ON COLUMN "omop"."condition_era"."condition_era_id" IS 'Id of the era.';
COMMENT ON COLUMN "omop"."condition_era"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."condition_era"."condition_concept_id" IS 'The condition as a standard concept.';
COMMENT ON COLUMN "omop"."condition_era"."condition_era_start_date" IS 'First day of the era.';
COMMENT ON COLUMN "omop"."condition_era"."condition_era_end_date" IS 'Last day of the era.';
COMMENT ON COLUMN "omop"."condition_era"."condition_occurrence_count" IS 'Records of the condition in the era.';

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
COMMENT ON COLUMN "omop"."episode"."episode_id" IS 'Id of the episode.';
COMMENT ON COLUMN "omop"."episode"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."episode"."episode_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."episode"."episode_start_date" IS 'First day of the episode.';
COMMENT ON COLUMN "omop"."episode"."episode_start_datetime" IS 'Start of the episode with its time, where that is known.';
COMMENT ON COLUMN "omop"."episode"."episode_end_date" IS 'Last day of the episode.';
COMMENT ON COLUMN "omop"."episode"."episode_end_datetime" IS 'End of the episode with its time, where that is known.';
COMMENT ON COLUMN "omop"."episode"."episode_parent_id" IS 'The larger episode that this one belongs to.';
COMMENT ON COLUMN "omop"."episode"."episode_number" IS 'Place of the episode among those of its kind.';
COMMENT ON COLUMN "omop"."episode"."episode_object_concept_id" IS 'What the episode is of (a disease, a course of treatment) as a concept.';
COMMENT ON COLUMN "omop"."episode"."episode_type_concept_id" IS 'Where the record of the episode is from, as a type concept.';
COMMENT ON COLUMN "omop"."episode"."episode_source_value" IS 'What the source wrote.';
COMMENT ON COLUMN "omop"."episode"."episode_source_concept_id" IS 'Concept of the source''s own code; 0 where there is none.';

CREATE TABLE "omop"."episode_event" (
  "episode_id" BIGINT NOT NULL,
  "event_id" BIGINT NOT NULL,
  "episode_event_field_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."episode_event" IS 'The events that make up an episode.';
COMMENT ON COLUMN "omop"."episode_event"."episode_id" IS 'The episode.';
COMMENT ON COLUMN "omop"."episode_event"."event_id" IS 'Row of another table that belongs to the episode.';
COMMENT ON COLUMN "omop"."episode_event"."episode_event_field_concept_id" IS 'Which table and key event_id is of, as a concept.';

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
COMMENT ON COLUMN "omop"."metadata"."metadata_id" IS 'Id of the entry.';
COMMENT ON COLUMN "omop"."metadata"."metadata_concept_id" IS 'What it is, as a standard concept; 0 where the source''s code has none.';
COMMENT ON COLUMN "omop"."metadata"."metadata_type_concept_id" IS 'Where the record of the entry is from, as a type concept.';
COMMENT ON COLUMN "omop"."metadata"."name" IS 'Name of what is told.';
COMMENT ON COLUMN "omop"."metadata"."value_as_string" IS 'What is told, as text.';
COMMENT ON COLUMN "omop"."metadata"."value_as_concept_id" IS 'What is told, as a concept.';
COMMENT ON COLUMN "omop"."metadata"."value_as_number" IS 'What is told, as a number.';
COMMENT ON COLUMN "omop"."metadata"."metadata_date" IS 'Day of the entry.';
COMMENT ON COLUMN "omop"."metadata"."metadata_datetime" IS 'Time of the entry with its time, where that is known.';

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
COMMENT ON COLUMN "omop"."cdm_source"."cdm_source_name" IS 'Name of the source of the data.';
COMMENT ON COLUMN "omop"."cdm_source"."cdm_source_abbreviation" IS 'Its short name.';
COMMENT ON COLUMN "omop"."cdm_source"."cdm_holder" IS 'Who holds the data.';
COMMENT ON COLUMN "omop"."cdm_source"."source_description" IS 'What the data are.';
COMMENT ON COLUMN "omop"."cdm_source"."source_documentation_reference" IS 'Where the source is documented.';
COMMENT ON COLUMN "omop"."cdm_source"."cdm_etl_reference" IS 'Where the conversion is documented.';
COMMENT ON COLUMN "omop"."cdm_source"."source_release_date" IS 'Day of the source''s data.';
COMMENT ON COLUMN "omop"."cdm_source"."cdm_release_date" IS 'Day on which these tables were made.';
COMMENT ON COLUMN "omop"."cdm_source"."cdm_version" IS 'Version of the CDM.';
COMMENT ON COLUMN "omop"."cdm_source"."cdm_version_concept_id" IS 'Version of the CDM as a concept.';
COMMENT ON COLUMN "omop"."cdm_source"."vocabulary_version" IS 'Version of the vocabulary.';

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
COMMENT ON COLUMN "omop"."concept"."concept_id" IS 'Id of the concept.';
COMMENT ON COLUMN "omop"."concept"."concept_name" IS 'Name of the concept.';
COMMENT ON COLUMN "omop"."concept"."domain_id" IS 'Domain: what the concept is about, and so its table.';
COMMENT ON COLUMN "omop"."concept"."vocabulary_id" IS 'The vocabulary that the concept is of.';
COMMENT ON COLUMN "omop"."concept"."concept_class_id" IS 'The class within the vocabulary.';
COMMENT ON COLUMN "omop"."concept"."standard_concept" IS 'S: standard; C: of a classification; NULL: neither.';
COMMENT ON COLUMN "omop"."concept"."concept_code" IS 'Code in its vocabulary.';
COMMENT ON COLUMN "omop"."concept"."valid_start_date" IS 'First day on which it is valid.';
COMMENT ON COLUMN "omop"."concept"."valid_end_date" IS 'Last day on which it is valid.';
COMMENT ON COLUMN "omop"."concept"."invalid_reason" IS 'D: withdrawn; U: replaced; NULL: valid.';

CREATE TABLE "omop"."vocabulary" (
  "vocabulary_id" VARCHAR(20) NOT NULL,
  "vocabulary_name" VARCHAR(255) NOT NULL,
  "vocabulary_reference" VARCHAR(255),
  "vocabulary_version" VARCHAR(255),
  "vocabulary_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("vocabulary_id")
);
COMMENT ON TABLE "omop"."vocabulary" IS 'The vocabularies, with their versions.';
COMMENT ON COLUMN "omop"."vocabulary"."vocabulary_id" IS 'Short name of the vocabulary.';
COMMENT ON COLUMN "omop"."vocabulary"."vocabulary_name" IS 'Full name of the vocabulary.';
COMMENT ON COLUMN "omop"."vocabulary"."vocabulary_reference" IS 'Where the vocabulary is from.';
COMMENT ON COLUMN "omop"."vocabulary"."vocabulary_version" IS 'Version of the vocabulary.';
COMMENT ON COLUMN "omop"."vocabulary"."vocabulary_concept_id" IS 'The vocabulary as a concept.';

CREATE TABLE "omop"."domain" (
  "domain_id" VARCHAR(20) NOT NULL,
  "domain_name" VARCHAR(255) NOT NULL,
  "domain_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("domain_id")
);
COMMENT ON TABLE "omop"."domain" IS 'The domains of concepts, which choose the table of an event.';
COMMENT ON COLUMN "omop"."domain"."domain_id" IS 'Short name of the domain.';
COMMENT ON COLUMN "omop"."domain"."domain_name" IS 'Name of the domain.';
COMMENT ON COLUMN "omop"."domain"."domain_concept_id" IS 'The domain as a concept.';

CREATE TABLE "omop"."concept_class" (
  "concept_class_id" VARCHAR(20) NOT NULL,
  "concept_class_name" VARCHAR(255) NOT NULL,
  "concept_class_concept_id" INTEGER NOT NULL,
  PRIMARY KEY ("concept_class_id")
);
COMMENT ON TABLE "omop"."concept_class" IS 'The classes of concepts within their vocabularies.';
COMMENT ON COLUMN "omop"."concept_class"."concept_class_id" IS 'Short name of the class.';
COMMENT ON COLUMN "omop"."concept_class"."concept_class_name" IS 'Name of the class.';
COMMENT ON COLUMN "omop"."concept_class"."concept_class_concept_id" IS 'The class as a concept.';

CREATE TABLE "omop"."concept_relationship" (
  "concept_id_1" INTEGER NOT NULL,
  "concept_id_2" INTEGER NOT NULL,
  "relationship_id" VARCHAR(20) NOT NULL,
  "valid_start_date" DATE NOT NULL,
  "valid_end_date" DATE NOT NULL,
  "invalid_reason" VARCHAR(1)
);
COMMENT ON TABLE "omop"."concept_relationship" IS 'How two concepts are related; Maps to leads from source to standard.';
COMMENT ON COLUMN "omop"."concept_relationship"."concept_id_1" IS 'The concept that has the relation.';
COMMENT ON COLUMN "omop"."concept_relationship"."concept_id_2" IS 'The concept that it is related to.';
COMMENT ON COLUMN "omop"."concept_relationship"."relationship_id" IS 'The relation, such as Maps to.';
COMMENT ON COLUMN "omop"."concept_relationship"."valid_start_date" IS 'First day on which it is valid.';
COMMENT ON COLUMN "omop"."concept_relationship"."valid_end_date" IS 'Last day on which it is valid.';
COMMENT ON COLUMN "omop"."concept_relationship"."invalid_reason" IS 'D: withdrawn; U: replaced; NULL: valid.';

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
COMMENT ON COLUMN "omop"."relationship"."relationship_id" IS 'Short name of the relation.';
COMMENT ON COLUMN "omop"."relationship"."relationship_name" IS 'Name of the relation.';
COMMENT ON COLUMN "omop"."relationship"."is_hierarchical" IS '1: the relation leads up or down a hierarchy.';
COMMENT ON COLUMN "omop"."relationship"."defines_ancestry" IS '1: the relation counts in concept_ancestor.';
COMMENT ON COLUMN "omop"."relationship"."reverse_relationship_id" IS 'The relation read from the other side.';
COMMENT ON COLUMN "omop"."relationship"."relationship_concept_id" IS 'The relation as a concept.';

CREATE TABLE "omop"."concept_synonym" (
  "concept_id" INTEGER NOT NULL,
  "concept_synonym_name" VARCHAR(1000) NOT NULL,
  "language_concept_id" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_synonym" IS 'Other names of concepts.';
COMMENT ON COLUMN "omop"."concept_synonym"."concept_id" IS 'The concept.';
COMMENT ON COLUMN "omop"."concept_synonym"."concept_synonym_name" IS 'Another name of the concept.';
COMMENT ON COLUMN "omop"."concept_synonym"."language_concept_id" IS 'Language of the name, as a concept.';

CREATE TABLE "omop"."concept_ancestor" (
  "ancestor_concept_id" INTEGER NOT NULL,
  "descendant_concept_id" INTEGER NOT NULL,
  "min_levels_of_separation" INTEGER NOT NULL,
  "max_levels_of_separation" INTEGER NOT NULL
);
COMMENT ON TABLE "omop"."concept_ancestor" IS 'Every ancestor of every standard concept, with the distance.';
COMMENT ON COLUMN "omop"."concept_ancestor"."ancestor_concept_id" IS 'The wider concept.';
COMMENT ON COLUMN "omop"."concept_ancestor"."descendant_concept_id" IS 'The narrower concept, or the same.';
COMMENT ON COLUMN "omop"."concept_ancestor"."min_levels_of_separation" IS 'Steps between them on the shortest way.';
COMMENT ON COLUMN "omop"."concept_ancestor"."max_levels_of_separation" IS 'Steps between them on the longest way.';

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
COMMENT ON COLUMN "omop"."source_to_concept_map"."source_code" IS 'Code of the source.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."source_concept_id" IS 'Concept of the source''s code; 0 where it has none.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."source_vocabulary_id" IS 'Vocabulary of the source''s code.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."source_code_description" IS 'What the code means.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."target_concept_id" IS 'The standard concept that it becomes.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."target_vocabulary_id" IS 'Vocabulary of that concept.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."valid_start_date" IS 'First day on which it is valid.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."valid_end_date" IS 'Last day on which it is valid.';
COMMENT ON COLUMN "omop"."source_to_concept_map"."invalid_reason" IS 'D: withdrawn; U: replaced; NULL: valid.';

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
COMMENT ON COLUMN "omop"."drug_strength"."drug_concept_id" IS 'The drug as a standard concept.';
COMMENT ON COLUMN "omop"."drug_strength"."ingredient_concept_id" IS 'The ingredient as a standard concept.';
COMMENT ON COLUMN "omop"."drug_strength"."amount_value" IS 'Amount of the ingredient in one unit of the product.';
COMMENT ON COLUMN "omop"."drug_strength"."amount_unit_concept_id" IS 'Unit of the amount as a concept.';
COMMENT ON COLUMN "omop"."drug_strength"."numerator_value" IS 'Amount of the ingredient in the denominator.';
COMMENT ON COLUMN "omop"."drug_strength"."numerator_unit_concept_id" IS 'Unit of the numerator as a concept.';
COMMENT ON COLUMN "omop"."drug_strength"."denominator_value" IS 'Amount of the product that holds the numerator.';
COMMENT ON COLUMN "omop"."drug_strength"."denominator_unit_concept_id" IS 'Unit of the denominator as a concept.';
COMMENT ON COLUMN "omop"."drug_strength"."box_size" IS 'Units in a box.';
COMMENT ON COLUMN "omop"."drug_strength"."valid_start_date" IS 'First day on which it is valid.';
COMMENT ON COLUMN "omop"."drug_strength"."valid_end_date" IS 'Last day on which it is valid.';
COMMENT ON COLUMN "omop"."drug_strength"."invalid_reason" IS 'D: withdrawn; U: replaced; NULL: valid.';

CREATE TABLE "omop"."cohort" (
  "cohort_definition_id" BIGINT NOT NULL,
  "subject_id" BIGINT NOT NULL,
  "cohort_start_date" DATE NOT NULL,
  "cohort_end_date" DATE NOT NULL
);
COMMENT ON TABLE "omop"."cohort" IS 'Persons in a cohort, with the dates of entry and exit.';
COMMENT ON COLUMN "omop"."cohort"."cohort_definition_id" IS 'The definition of the cohort.';
COMMENT ON COLUMN "omop"."cohort"."subject_id" IS 'Who is in the cohort, most often a person.';
COMMENT ON COLUMN "omop"."cohort"."cohort_start_date" IS 'Day on which the subject came into the cohort.';
COMMENT ON COLUMN "omop"."cohort"."cohort_end_date" IS 'Day on which the subject left it.';

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
COMMENT ON COLUMN "omop"."cohort_definition"."cohort_definition_id" IS 'Id of the definition.';
COMMENT ON COLUMN "omop"."cohort_definition"."cohort_definition_name" IS 'Name of the cohort.';
COMMENT ON COLUMN "omop"."cohort_definition"."cohort_definition_description" IS 'Who is in the cohort, in words.';
COMMENT ON COLUMN "omop"."cohort_definition"."definition_type_concept_id" IS 'What kind of definition it is, as a concept.';
COMMENT ON COLUMN "omop"."cohort_definition"."cohort_definition_syntax" IS 'The definition in a form that a program reads.';
COMMENT ON COLUMN "omop"."cohort_definition"."subject_concept_id" IS 'What the subjects are, as a concept.';
COMMENT ON COLUMN "omop"."cohort_definition"."cohort_initiation_date" IS 'Day on which the cohort was made.';

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
COMMENT ON COLUMN "omop"."image_occurrence"."image_occurrence_id" IS 'Id of the series.';
COMMENT ON COLUMN "omop"."image_occurrence"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."image_occurrence"."visit_occurrence_id" IS 'The visit during which it happened; NULL where none is known.';
COMMENT ON COLUMN "omop"."image_occurrence"."procedure_occurrence_id" IS 'The study, as a procedure.';
COMMENT ON COLUMN "omop"."image_occurrence"."wadors_uri" IS 'Address of the series by DICOMweb.';
COMMENT ON COLUMN "omop"."image_occurrence"."local_path" IS 'Path of the series'' files; a published file has none.';
COMMENT ON COLUMN "omop"."image_occurrence"."image_occurrence_date" IS 'Day of the series.';
COMMENT ON COLUMN "omop"."image_occurrence"."image_study_uid" IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN "omop"."image_occurrence"."image_series_uid" IS 'DICOM SeriesInstanceUID.';
COMMENT ON COLUMN "omop"."image_occurrence"."modality_concept_id" IS 'Modality as a concept; 0 where none is confirmed.';
COMMENT ON COLUMN "omop"."image_occurrence"."anatomic_site_concept_id" IS 'Part of the body as a standard concept; 0 where it is not known.';

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
COMMENT ON COLUMN "omop"."image_feature"."image_feature_id" IS 'Id of the feature.';
COMMENT ON COLUMN "omop"."image_feature"."person_id" IS 'The person.';
COMMENT ON COLUMN "omop"."image_feature"."image_occurrence_id" IS 'The series that the feature was seen in.';
COMMENT ON COLUMN "omop"."image_feature"."image_feature_concept_id" IS 'Which table holds the value of the feature, or the feature itself, as a concept.';
COMMENT ON COLUMN "omop"."image_feature"."image_feature_type_concept_id" IS 'Where the record of the feature is from, as a type concept.';
COMMENT ON COLUMN "omop"."image_feature"."image_feature_event_field_concept_id" IS 'Which table and key image_feature_event_id is of, as a concept.';
COMMENT ON COLUMN "omop"."image_feature"."image_feature_event_id" IS 'The row that holds the value of the feature.';
COMMENT ON COLUMN "omop"."image_feature"."image_finding_concept_id" IS 'The finding that the feature belongs to, as a concept.';
COMMENT ON COLUMN "omop"."image_feature"."image_finding_id" IS 'Number that features of one finding share.';
COMMENT ON COLUMN "omop"."image_feature"."anatomic_site_concept_id" IS 'Part of the body as a standard concept; 0 where it is not known.';
COMMENT ON COLUMN "omop"."image_feature"."alg_system" IS 'The reader or algorithm that made it.';
COMMENT ON COLUMN "omop"."image_feature"."alg_datetime" IS 'When it was made.';

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
