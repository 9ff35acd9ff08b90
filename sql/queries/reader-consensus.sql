-- title: What do the readers say together of each question?
-- asked_by: Developers who choose labels to train with.
-- parameter: project text; only this project
-- column: project_id; the project
-- column: collection; the collection that was read
-- column: question; what was asked of the readers
-- column: status; adjudicated, invalid, majority, disagreement or insufficient
-- column: answer; the answer of the adjudication or of the majority
-- column: studies; studies with it
-- column: persons; and their persons
-- needs: readings
SELECT project_id, collection, question, status, answer, count(*) AS studies, count(DISTINCT person_id) AS persons
FROM linked.annotation_consensus
WHERE project_id = coalesce($project, project_id)
GROUP BY ALL
ORDER BY project_id, collection, question, status, answer
