-- Every calendar day that may be day 0 of a case, by pairs of an exam and a study of one kind, and how many days of exams then fit.
--   An exam that names its study is that one alone.
-- when: matching
CREATE OR REPLACE TEMP TABLE day_fit AS
WITH pair AS (
    SELECT e.project_id, e.case_key, e.day, s.date, s.date - e.day AS day_zero,
           max(coalesce(e.text_id = s.text_id, false)) AS is_described, bool_or(e.named_uid IS NOT NULL) AS is_named
    FROM exam_of_kind e
    JOIN study_of_kind s
      ON s.project_id = e.project_id AND s.case_key = e.case_key AND (e.named_uid IS NULL OR e.named_uid = s.study_uid)
    JOIN kind_pair k ON k.exam_kind = e.kind AND k.study_kind = s.kind
    GROUP BY ALL
)
SELECT project_id, case_key, day_zero, count(*)::INTEGER AS days, (count(*) FILTER (is_described))::INTEGER AS described_days,
       bool_or(is_named) AS is_named, any_value(exam_days) AS exam_days, any_value(study_days) AS study_days
FROM pair
JOIN (SELECT project_id, case_key, count(DISTINCT day)::INTEGER AS exam_days, count(DISTINCT date)::INTEGER AS study_days
      FROM pair GROUP BY ALL) USING (project_id, case_key)
GROUP BY ALL
