-- How far readers agree, of $project or of all; all answers before single ones.
SELECT project_id, collection, question, answer, method, reader_1, reader_2, studies, observed, expected, kappa
FROM linked.reader_agreement
WHERE $project IS NULL OR project_id = $project
ORDER BY project_id, collection, question, answer NULLS FIRST, method, reader_1, reader_2
