-- What is found out of a delivery's records while a load is foreseen: whom is known and who is nobody for want of an age, who was
-- withdrawn and the records of them alone, which visits, parts of visits and studies have a date, which records may have no row
-- and why, and which of them have one all the same.
CREATE OR REPLACE TEMP TABLE known_person (case_key VARCHAR);
CREATE OR REPLACE TEMP TABLE ageless_case (case_key VARCHAR);
CREATE OR REPLACE TEMP TABLE withdrawn_case (case_key VARCHAR);
CREATE OR REPLACE TEMP TABLE withdrawn_record (record_id BIGINT);
CREATE OR REPLACE TEMP TABLE dated_visit (case_key VARCHAR, visit_key VARCHAR);
CREATE OR REPLACE TEMP TABLE dated_part (case_key VARCHAR, visit_key VARCHAR);
CREATE OR REPLACE TEMP TABLE dated_study (study_uid VARCHAR);
CREATE OR REPLACE TEMP TABLE doubtful (record_id BIGINT, rule VARCHAR, value VARCHAR);
CREATE OR REPLACE TEMP TABLE standing (record_id BIGINT)
