-- How far readers agree beyond chance: Cohen's kappa of each pair of readers (J. Cohen 1960), Fleiss' kappa of all label groups
-- of a collection over the studies that each of them answered (J. L. Fleiss 1971); of all answers (answer NULL), and of each
-- answer against all others. A reader who gives two answers to one question of a study does not count there.
CREATE VIEW linked.reader_agreement AS
WITH vote AS (
    SELECT n.project_id, max(max(n.collection)) OVER (PARTITION BY n.project_id, n.case_key, n.study_uid) AS collection,
           n.question, n.case_key, n.study_uid, n.reader_key,
           min(n.label_group) AS label_group, min(n.answer) AS answer
    FROM midrc.annotation n
    SEMI JOIN harmonize.image_link l ON l.project_id = n.project_id AND l.case_key = n.case_key AND l.study_uid = n.study_uid
    WHERE n.question IS NOT NULL AND n.question <> 'study_quality' AND n.read_role = 'independent'
    GROUP BY n.project_id, n.question, n.case_key, n.study_uid, n.reader_key HAVING count(DISTINCT n.answer) = 1
),
pair AS (
    SELECT a.project_id, a.collection, a.question, a.reader_key AS reader_1, b.reader_key AS reader_2,
           a.answer AS answer_1, b.answer AS answer_2
    FROM vote a
    JOIN vote b ON b.project_id = a.project_id AND b.collection IS NOT DISTINCT FROM a.collection AND b.question = a.question
     AND b.case_key = a.case_key AND b.study_uid = a.study_uid AND b.reader_key > a.reader_key
),
answer AS (
    SELECT DISTINCT project_id, collection, question, answer FROM vote
),
share AS (
    SELECT p.project_id, p.collection, p.question, p.reader_1, p.reader_2, c.answer, count(*) AS studies,
           avg((p.answer_1 = c.answer)::INTEGER) AS share_1, avg((p.answer_2 = c.answer)::INTEGER) AS share_2,
           avg(((p.answer_1 = c.answer) = (p.answer_2 = c.answer))::INTEGER) AS observed
    FROM pair p
    JOIN answer c ON c.project_id = p.project_id AND c.collection IS NOT DISTINCT FROM p.collection AND c.question = p.question
    GROUP BY ALL
),
cohen AS (
    SELECT project_id, collection, question, answer, reader_1, reader_2, studies, observed,
           share_1 * share_2 + (1 - share_1) * (1 - share_2) AS expected
    FROM share
    UNION ALL
    SELECT s.project_id, s.collection, s.question, NULL, s.reader_1, s.reader_2, any_value(s.studies),
           any_value(o.observed), sum(s.share_1 * s.share_2 ORDER BY s.answer)
    FROM share s
    JOIN (SELECT project_id, collection, question, reader_1, reader_2, avg((answer_1 = answer_2)::INTEGER) AS observed
          FROM pair GROUP BY ALL) o
      ON o.project_id = s.project_id AND o.collection IS NOT DISTINCT FROM s.collection AND o.question = s.question
     AND o.reader_1 = s.reader_1 AND o.reader_2 = s.reader_2
    GROUP BY ALL
),
groups AS (
    SELECT project_id, collection, question, count(DISTINCT label_group) AS n FROM vote GROUP BY ALL
),
complete AS (
    SELECT v.project_id, v.collection, v.question, v.case_key, v.study_uid, any_value(g.n) AS n
    FROM vote v
    JOIN groups g ON g.project_id = v.project_id AND g.collection IS NOT DISTINCT FROM v.collection AND g.question = v.question
    WHERE g.n >= 2
    GROUP BY ALL HAVING count(*) = any_value(g.n)
),
rating AS (
    SELECT c.project_id, c.collection, c.question, c.case_key, c.study_uid, c.n, a.answer,
           count(v.answer) AS n_ij
    FROM complete c
    JOIN answer a ON a.project_id = c.project_id AND a.collection IS NOT DISTINCT FROM c.collection AND a.question = c.question
    LEFT JOIN vote v ON v.project_id = c.project_id AND v.collection IS NOT DISTINCT FROM c.collection
     AND v.question = c.question AND v.case_key = c.case_key AND v.study_uid = c.study_uid AND v.answer = a.answer
    GROUP BY ALL
),
category AS (
    -- whole numbers are summed, so that the result does not depend on their order
    SELECT project_id, collection, question, answer, count(*) AS studies,
           sum(n_ij)::BIGINT / sum(n)::BIGINT AS share,
           sum(n_ij * (n_ij - 1))::BIGINT / sum(n * (n - 1))::BIGINT AS agreeing,
           sum(n_ij * (n_ij - 1) + (n - n_ij) * (n - n_ij - 1))::BIGINT / sum(n * (n - 1))::BIGINT AS observed
    FROM rating GROUP BY ALL
),
fleiss AS (
    SELECT project_id, collection, question, answer, studies, observed, share * share + (1 - share) * (1 - share) AS expected
    FROM category
    UNION ALL
    SELECT project_id, collection, question, NULL, any_value(studies), sum(agreeing ORDER BY answer), sum(share * share ORDER BY answer)
    FROM category GROUP BY ALL
),
kappa AS (
    SELECT project_id, collection, question, answer, 'cohen' AS method, reader_1, reader_2, studies, observed, expected FROM cohen
    UNION ALL
    SELECT project_id, collection, question, answer, 'fleiss', NULL, NULL, studies, observed, expected FROM fleiss
)
SELECT k.project_id, NULL::VARCHAR AS site_id, p.dates, k.collection, k.question, k.answer, k.method,
       k.reader_1, k.reader_2, k.studies, k.observed, k.expected, (k.observed - k.expected) / nullif(1 - k.expected, 0) AS kappa
FROM kappa k
LEFT JOIN (SELECT project_id, any_value(dates) AS dates FROM harmonize.case_place GROUP BY project_id) p ON p.project_id = k.project_id;

COMMENT ON VIEW linked.reader_agreement IS 'How far readers agree beyond chance, by question and answer: Cohen''s kappa of each pair of readers, Fleiss'' kappa of all label groups.';
COMMENT ON COLUMN linked.reader_agreement.project_id IS 'The project.';
COMMENT ON COLUMN linked.reader_agreement.site_id IS 'Always NULL: the studies of a project are counted together.';
COMMENT ON COLUMN linked.reader_agreement.dates IS 'Whose days the project has: real, shifted, offset or shifted_by_source.';
COMMENT ON COLUMN linked.reader_agreement.collection IS 'The collection of readings.';
COMMENT ON COLUMN linked.reader_agreement.question IS 'What was asked.';
COMMENT ON COLUMN linked.reader_agreement.answer IS 'The answer that is compared with all others; NULL for all answers together.';
COMMENT ON COLUMN linked.reader_agreement.method IS 'cohen (a pair of readers) or fleiss (all label groups of the collection).';
COMMENT ON COLUMN linked.reader_agreement.reader_1 IS 'Pseudonym of the one reader; NULL for Fleiss'' kappa.';
COMMENT ON COLUMN linked.reader_agreement.reader_2 IS 'Pseudonym of the other.';
COMMENT ON COLUMN linked.reader_agreement.studies IS 'Studies that both readers, or readers of all groups, answered.';
COMMENT ON COLUMN linked.reader_agreement.observed IS 'Share of studies, or of pairs of readings, that agree.';
COMMENT ON COLUMN linked.reader_agreement.expected IS 'Share that would agree by chance.';
COMMENT ON COLUMN linked.reader_agreement.kappa IS '(observed - expected) / (1 - expected); NULL where chance alone agrees always.';
