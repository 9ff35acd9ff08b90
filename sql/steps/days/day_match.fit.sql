-- How well the days of each affected case with exams by day and images by date fit (docs/linking.md, "Days and dates").
--   study_uid: an exam names the study. contradiction: several do, of different days 0. single_pair: one day of exams, or one of
--   studies, fits everywhere and proves nothing. tie: another day 0 fits as many days; near_tie: one day fewer, and not every day
--   fits here. poor_fit: too many days without a counterpart, beyond slips of a day: that may be another patient. Where descriptions
--   are told, those of two days more than any rival has decide a tie.
-- when: matching
-- after: day_match.gone
INSERT INTO harmonize.day_match BY NAME
WITH imaged AS (
    SELECT DISTINCT project_id, case_key FROM exam_of_kind SEMI JOIN study_of_kind USING (project_id, case_key)
)
SELECT project_id, case_key,
       CASE WHEN b.days IS NULL THEN 'no_pair'
            WHEN b.named_zeros > 1 THEN 'contradiction'
            WHEN b.named_zeros = 1 THEN 'study_uid'
            WHEN least(b.exam_days, b.study_days) < 2 THEN 'single_pair'
            WHEN b.days < 2 OR least(b.exam_days, b.study_days) - b.days - coalesce(n.days, 0) > b.days // 3
                OR b.days < 4 AND greatest(b.exam_days, b.study_days) > 3 * b.days THEN 'poor_fit'
            WHEN b.described_days >= 2 AND b.described_days >= b.rival_described_days + 2 THEN 'unique'
            WHEN b.rival_days = b.days THEN 'tie'
            WHEN b.rival_days = b.days - 1 AND b.rival_days > 1 AND NOT (b.days = b.exam_days AND b.days = b.study_days) THEN 'near_tie'
            ELSE 'unique' END AS tier,
       coalesce(b.exam_days, 0) AS exam_days, coalesce(b.study_days, 0) AS study_days, coalesce(b.days, 0) AS fitting_days,
       coalesce(n.days, 0) AS near_days, coalesce(b.described_days, 0) AS described_days, coalesce(b.rival_days, 0) AS runner_up_days,
       b.rival_shift AS runner_up_shift
FROM imaged
LEFT JOIN best_fit b USING (project_id, case_key)
LEFT JOIN near_day n USING (project_id, case_key)
