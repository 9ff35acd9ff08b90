-- Days of exams without a study of their kind, under the best fit, that have one on the day before or after which no exam of that day
--   claims: a slip of a day.
-- when: matching
CREATE OR REPLACE TEMP TABLE near_day AS
WITH fitting AS (
    SELECT DISTINCT b.project_id, b.case_key, e.day
    FROM best_fit b
    JOIN exam_of_kind e USING (project_id, case_key)
    JOIN study_of_kind s
      ON s.project_id = e.project_id AND s.case_key = e.case_key AND s.date = b.day_zero + e.day
     AND (e.named_uid IS NULL OR e.named_uid = s.study_uid) AND (e.family = s.family OR e.family = '' OR s.family = '')
     AND (e.regions = [] OR s.regions = [] OR list_has_any(e.regions, s.regions))
)
SELECT b.project_id, b.case_key, count(DISTINCT e.day)::INTEGER AS days
FROM best_fit b
JOIN exam_of_kind e USING (project_id, case_key)
JOIN study_of_kind s
  ON s.project_id = e.project_id AND s.case_key = e.case_key AND abs(s.date - b.day_zero - e.day) = 1
 AND (e.named_uid IS NULL OR e.named_uid = s.study_uid) AND (e.family = s.family OR e.family = '' OR s.family = '')
 AND (e.regions = [] OR s.regions = [] OR list_has_any(e.regions, s.regions))
ANTI JOIN fitting f ON f.project_id = e.project_id AND f.case_key = e.case_key AND f.day = e.day
ANTI JOIN fitting g ON g.project_id = s.project_id AND g.case_key = s.case_key AND g.day = s.date - b.day_zero
GROUP BY ALL
