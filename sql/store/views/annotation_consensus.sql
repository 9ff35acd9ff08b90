-- One row an imaging study and question: what the readers say together. A reader who gives one answer to a question has one
-- vote, however often it is repeated; one who gives several has none, and none gives who calls the study invalid.
CREATE VIEW harmonize.annotation_consensus AS
WITH read AS (
    -- readings that name no collection are of that which the others of their study name
    SELECT l.person_id, n.project_id, n.case_key, n.study_uid, l.procedure_occurrence_id,
           max(n.collection) OVER (PARTITION BY n.project_id, n.case_key, n.study_uid) AS collection, n.question,
           n.answer, n.reader_key, n.label_group, n.read_role
    FROM midrc.annotation n
    JOIN harmonize.image_link l ON l.project_id = n.project_id AND l.case_key = n.case_key AND l.study_uid = n.study_uid
    WHERE n.question IS NOT NULL AND n.read_role IN ('independent', 'adjudication')
),
study AS (
    -- every study is asked every question that its collection asks
    SELECT s.*, q.question, q.label_groups
    FROM (SELECT person_id, project_id, case_key, study_uid, procedure_occurrence_id, collection,
                 bool_or(question = 'study_quality' AND read_role = 'adjudication') AS adjudicated_invalid
          FROM read GROUP BY ALL) s
    JOIN (SELECT project_id, collection, question,
                 count(DISTINCT label_group) FILTER (read_role = 'independent') AS label_groups
          FROM read WHERE question <> 'study_quality' GROUP BY ALL) q
      ON q.project_id = s.project_id AND q.collection IS NOT DISTINCT FROM s.collection
),
reader AS (
    SELECT project_id, case_key, study_uid, question, read_role, reader_key,
           count(DISTINCT answer) AS answers, min(answer) AS answer
    FROM read GROUP BY ALL
),
ballot AS (
    SELECT project_id, case_key, study_uid, question,
           count(*) FILTER (read_role = 'independent' AND answers = 1) AS votes,
           count(*) FILTER (read_role = 'independent' AND answers > 1) AS conflicts,
           count(*) FILTER (read_role = 'adjudication') AS adjudicators,
           count(DISTINCT answer) FILTER (read_role = 'adjudication') AS adjudicated_answers,
           max(answers) FILTER (read_role = 'adjudication') AS most_adjudicated_answers,
           min(answer) FILTER (read_role = 'adjudication') AS adjudicated_answer,
           count(DISTINCT answer) FILTER (read_role = 'independent' AND answers = 1) AS different_votes
    FROM reader GROUP BY ALL
),
counted AS (
    SELECT project_id, case_key, study_uid, question, answer, count(*) AS votes
    FROM reader WHERE read_role = 'independent' AND answers = 1 GROUP BY ALL
),
first AS (
    SELECT project_id, case_key, study_uid, question, max(votes) AS most_votes,
           arg_max(answer, (votes, answer)) AS answer,
           string_agg(answer || ' ' || votes, ', ' ORDER BY votes DESC, answer) AS tally
    FROM counted GROUP BY ALL
),
top AS (
    SELECT f.*, count(*) AS winners FROM first f
    JOIN counted c USING (project_id, case_key, study_uid, question)
    WHERE c.votes = f.most_votes GROUP BY ALL
),
judged AS (
    SELECT s.*, coalesce(b.votes, 0) AS votes, coalesce(b.conflicts, 0) AS conflicts, t.tally,
           b.adjudicated_answer, t.answer AS top_answer, b.different_votes,
           CASE WHEN b.adjudicated_answers = 1 AND b.most_adjudicated_answers = 1 THEN 'adjudicated'
                WHEN s.adjudicated_invalid AND coalesce(b.adjudicators, 0) = 0 THEN 'invalid'
                WHEN t.most_votes >= 2 AND t.winners = 1 THEN 'majority'
                WHEN b.votes >= 2 THEN 'disagreement'
                ELSE 'insufficient' END AS status
    FROM study s
    LEFT JOIN ballot b USING (project_id, case_key, study_uid, question)
    LEFT JOIN top t USING (project_id, case_key, study_uid, question)
)
SELECT person_id, project_id, case_key, study_uid, procedure_occurrence_id, collection, question,
       status, CASE status WHEN 'adjudicated' THEN adjudicated_answer WHEN 'majority' THEN top_answer END AS answer,
       votes::INTEGER AS votes, tally,
       CASE WHEN conflicts > 0 THEN 'conflict'
            WHEN votes < label_groups THEN 'missing'
            WHEN different_votes = 1 THEN 'unanimous'
            ELSE 'disagreement' END AS unanimity,
       CASE WHEN conflicts = 0 AND votes >= label_groups AND different_votes = 1 THEN top_answer END AS unanimous_answer
FROM judged;
