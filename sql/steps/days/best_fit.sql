-- The best fit of each case beside its rivals: fitting days, then days on which the descriptions are the same; of a case whose exams
--   name studies, what these say (named_zeros: how many days 0).
-- when: matching
CREATE OR REPLACE TEMP TABLE best_fit AS
WITH ranked AS (
    SELECT *, row_number() OVER w AS rank, max(days) OVER w_all AS most
    FROM day_fit
    WINDOW w AS (PARTITION BY project_id, case_key ORDER BY is_named DESC, days DESC, described_days DESC, day_zero),
           w_all AS (PARTITION BY project_id, case_key)
)
SELECT project_id, case_key, any_value(exam_days) AS exam_days, any_value(study_days) AS study_days,
       any_value(day_zero) FILTER (rank = 1) AS day_zero, any_value(days) FILTER (rank = 1) AS days,
       any_value(described_days) FILTER (rank = 1) AS described_days,
       count(*) FILTER (is_named) AS named_zeros,
       coalesce(max(days) FILTER (rank > 1), 0) AS rival_days,
       -- of the rivals that fit nearly as well
       coalesce(max(described_days) FILTER (rank > 1 AND days >= most - 1), 0) AS rival_described_days,
       (arg_max(day_zero, (days, described_days)) FILTER (rank > 1) - any_value(day_zero) FILTER (rank = 1))::INTEGER AS rival_shift
FROM ranked
GROUP BY ALL
