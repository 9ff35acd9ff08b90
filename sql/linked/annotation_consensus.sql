-- harmonize.annotation_consensus for analysts.
CREATE VIEW linked.annotation_consensus AS
SELECT a.person_id, a.project_id, p.site_id, a.case_key, a.study_uid, a.procedure_occurrence_id, t.study_date, t.clinical_date, t.study_day,
       t.dates, a.collection, a.question, a.status, a.answer, a.votes, a.tally, a.unanimity, a.unanimous_answer
FROM harmonize.annotation_consensus a
LEFT JOIN harmonize.case_place p ON p.project_id = a.project_id AND p.case_key = a.case_key
LEFT JOIN linked.imaging_timeline t ON t.project_id = a.project_id AND t.case_key = a.case_key AND t.study_uid = a.study_uid;

COMMENT ON VIEW linked.annotation_consensus IS 'One row an imaging study and question: what the readers say together, apart from the single readings (annotation_read).';
COMMENT ON COLUMN linked.annotation_consensus.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.annotation_consensus.project_id IS 'The project.';
COMMENT ON COLUMN linked.annotation_consensus.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.annotation_consensus.case_key IS 'The person''s key in the project.';
COMMENT ON COLUMN linked.annotation_consensus.study_uid IS 'DICOM StudyInstanceUID.';
COMMENT ON COLUMN linked.annotation_consensus.procedure_occurrence_id IS 'The study in omop.procedure_occurrence.';
COMMENT ON COLUMN linked.annotation_consensus.study_date IS 'Day of the study as OMOP holds it.';
COMMENT ON COLUMN linked.annotation_consensus.clinical_date IS 'Day of the study among the clinical records: the stored day moved by the project''s imaging_date_offset_days.';
COMMENT ON COLUMN linked.annotation_consensus.study_day IS 'Days from the index event of the case to clinical_date; NULL where the project tells no index event.';
COMMENT ON COLUMN linked.annotation_consensus.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.annotation_consensus.collection IS 'The collection of readings.';
COMMENT ON COLUMN linked.annotation_consensus.question IS 'What was asked, such as class_covid19_pneumonia.';
COMMENT ON COLUMN linked.annotation_consensus.status IS 'adjudicated (the adjudication names one answer), invalid (it calls the study invalid), majority (two votes or more for one answer, more than for any other), disagreement (two votes or more and no majority), insufficient (fewer).';
COMMENT ON COLUMN linked.annotation_consensus.answer IS 'The answer of the adjudication or of the majority; NULL where there is none.';
COMMENT ON COLUMN linked.annotation_consensus.votes IS 'Readers who answered once, adjudication and supplementary readings aside.';
COMMENT ON COLUMN linked.annotation_consensus.tally IS 'The votes by answer.';
COMMENT ON COLUMN linked.annotation_consensus.unanimity IS 'Without adjudication: unanimous, disagreement, missing (a label group that read the collection has no vote), conflict (a reader gave two answers).';
COMMENT ON COLUMN linked.annotation_consensus.unanimous_answer IS 'The answer on which all agree.';
