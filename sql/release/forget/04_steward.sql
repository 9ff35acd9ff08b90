-- What is the steward's: the log, the steps, the rules, the releases; and the ids of rows that are no more.
DELETE FROM harmonize.audit_entry;
DELETE FROM harmonize.submission_step;
DELETE FROM harmonize.finding_waiver;
DELETE FROM harmonize.image_decision;
DELETE FROM harmonize.project_rules;
DELETE FROM harmonize.release_build;
DELETE FROM harmonize.release_submission;
DELETE FROM harmonize.release_person;
DELETE FROM harmonize.row_id_retired;
