-- harmonize.annotation_consensus for analysts.
CREATE VIEW linked.annotation_consensus AS
SELECT person_id, project_id, case_key, study_uid, procedure_occurrence_id, collection, question, status, answer, votes,
       tally, unanimity, unanimous_answer
FROM harmonize.annotation_consensus;

COMMENT ON VIEW linked.annotation_consensus IS 'One row an imaging study and question: what the readers say together, apart from the single readings (annotation_read).';
COMMENT ON COLUMN linked.annotation_consensus.question IS 'What was asked, such as class_covid19_pneumonia.';
COMMENT ON COLUMN linked.annotation_consensus.status IS 'adjudicated (the adjudication names one answer), invalid (it calls the study invalid), majority (two votes or more for one answer, more than for any other), disagreement (two votes or more and no majority), insufficient (fewer).';
COMMENT ON COLUMN linked.annotation_consensus.answer IS 'The answer of the adjudication or of the majority; NULL where there is none.';
COMMENT ON COLUMN linked.annotation_consensus.votes IS 'Readers who answered once, adjudication and supplementary readings aside.';
COMMENT ON COLUMN linked.annotation_consensus.tally IS 'The votes by answer.';
COMMENT ON COLUMN linked.annotation_consensus.unanimity IS 'Without adjudication: unanimous, disagreement, missing (a label group that read the collection has no vote), conflict (a reader gave two answers).';
COMMENT ON COLUMN linked.annotation_consensus.unanimous_answer IS 'The answer on which all agree.';
