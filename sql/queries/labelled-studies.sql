-- title: Which studies carry a label on which the readers agree?
-- asked_by: Developers who train and test on studies with a label.
-- parameter: project text; only this project
-- parameter: question text; only this question, such as class_covid19_pneumonia
-- parameter: answer text; only this answer
-- parameter: votes integer = 2; fewest readers who voted; an adjudication needs none
-- column: project_id; the project
-- column: person_id; the person
-- column: case_key; the person's key in the project
-- column: study_uid; DICOM StudyInstanceUID
-- column: modality; DICOM Modality
-- column: question; what was asked of the readers
-- column: answer; what they say
-- column: status; adjudicated or majority
-- column: votes; readers who voted
-- needs: readings
SELECT a.project_id, a.person_id, a.case_key, a.study_uid, t.modality, a.question, a.answer, a.status, a.votes
FROM linked.annotation_consensus a
JOIN linked.imaging_timeline t ON t.project_id = a.project_id AND t.case_key = a.case_key AND t.study_uid = a.study_uid
WHERE a.project_id = coalesce($project, a.project_id)
  AND a.question = coalesce($question, a.question) AND a.answer = coalesce($answer, a.answer)
  AND (a.status = 'adjudicated' OR (a.status = 'majority' AND a.votes >= $votes))
ORDER BY a.project_id, a.person_id, a.study_uid, a.question
