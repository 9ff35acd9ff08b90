-- title: How far do readers agree beyond chance?
-- asked_by: Developers who want to know how good the labels are; those who plan readings.
-- parameter: project text; only this project
-- parameter: method cohen|fleiss; only pairs of readers (cohen) or all label groups (fleiss)
-- parameter: studies integer = 1; fewest studies that were read by both, or by all groups
-- column: project_id; the project
-- column: collection; the collection that was read
-- column: question; what was asked of the readers
-- column: method; cohen or fleiss
-- column: reader_1; of a pair the one
-- column: reader_2; and the other
-- column: studies; studies that both, or all groups, answered
-- column: observed; share that agrees
-- column: kappa; agreement beyond chance; NULL where chance alone agrees always
-- needs: readings
-- note: All answers together; linked.reader_agreement has each answer against all others, too.
SELECT project_id, collection, question, method, reader_1, reader_2, studies, round(observed, 3) AS observed, round(kappa, 3) AS kappa
FROM linked.reader_agreement
WHERE answer IS NULL AND project_id = coalesce($project, project_id) AND method = coalesce($method, method) AND studies >= $studies
ORDER BY project_id, collection, question, method, reader_1, reader_2
