-- Days of exams without a study of their kind, under the best fit, that have one on the day before or after which no exam of that day
--   claims: a slip of a day. Of cases of which not every day fits.
-- when: matching
CREATE OR REPLACE TEMP TABLE near_day AS
WITH misfit AS (
    SELECT project_id, case_key, day_zero FROM best_fit WHERE days < least(exam_days, study_days)
),
near AS (
    SELECT b.project_id, b.case_key, e.day, (s.date - b.day_zero)::INTEGER AS study_day
    FROM misfit b
    JOIN exam_of_kind e USING (project_id, case_key)
    JOIN study_of_kind s
      ON s.project_id = e.project_id AND s.case_key = e.case_key AND abs(s.date - b.day_zero - e.day) <= 1
     AND (e.named_uid IS NULL OR e.named_uid = s.study_uid)
    JOIN kind_pair k ON k.exam_kind = e.kind AND k.study_kind = s.kind
),
fitting AS (
    SELECT DISTINCT project_id, case_key, day FROM near WHERE day = study_day
)
SELECT project_id, case_key, count(DISTINCT day)::INTEGER AS days
FROM near n
ANTI JOIN fitting f ON f.project_id = n.project_id AND f.case_key = n.case_key AND f.day = n.day
ANTI JOIN fitting g ON g.project_id = n.project_id AND g.case_key = n.case_key AND g.day = n.study_day
GROUP BY ALL
