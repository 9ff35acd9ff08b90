-- One death a person: the earliest date that is stated, else the latest of those that are taken from elsewhere (a flag that stands
--   on several visits is true after the last of them): from a visit, the index event, the last event, the last exam. None leaves
--   death_date NULL. A date that is given as that of something else (imaging_study, timing_event, period_end) is not stated.
-- when: death
CREATE OR REPLACE TEMP TABLE death_row AS
WITH last_visit AS (
    SELECT project_id, case_key, max(visit_start) AS last_visit FROM visit_row GROUP BY ALL
),
told AS (
    SELECT person_id, start_date AS first_date, coalesce(end_date, start_date) AS last_date, NULL::DATE AS exam_date FROM event
    UNION ALL
    SELECT person_id, coalesce(visit_end_date, visit_start_date), visit_end_date, NULL FROM visit_kept
    UNION ALL
    SELECT person_id, study_date, study_date, study_date FROM study_row
),
last_day AS (
    SELECT person_id, max(last_date) AS last_date, max(first_date) AS last_event, max(exam_date) AS last_exam
    FROM told GROUP BY person_id
),
dated AS (
    SELECT d.*, a.person_id, v.visit_occurrence_id, l.last_date,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, d.start_day, coalesce(d.start_date, d.start_datetime::DATE))
               AS given,
           coalesce(d.start_imputation IN ('imaging_study', 'timing_event', 'period_end'), false) AS is_given_imputed,
           -- a time of day only where the source states it; days of an offset have none
           CASE WHEN a.time_policy = 'offset' THEN NULL ELSE d.start_datetime + to_days(a.day_shift) END AS given_datetime,
           CASE WHEN d.start_imputation IN ('visit_start', 'visit_span') THEN v.visit_start
                WHEN d.start_imputation = 'visit_end' THEN v.visit_end
                WHEN d.start_imputation = 'last_visit' THEN lv.last_visit
                WHEN d.start_imputation = 'last_event' THEN l.last_event
                WHEN d.start_imputation = 'last_exam' THEN l.last_exam
                WHEN d.start_imputation = 'index_event' AND a.time_policy = 'offset' THEN a.anchor END AS taken_date
    FROM midrc.death d
    JOIN affected_case a USING (project_id, case_key)
    LEFT JOIN visit_row v USING (project_id, case_key, visit_key)
    LEFT JOIN last_visit lv USING (project_id, case_key)
    LEFT JOIN last_day l USING (person_id)
    WHERE a.person_id IS NOT NULL
),
placed AS (
    SELECT *, CASE WHEN NOT is_given_imputed THEN given END AS stated,
           CASE WHEN NOT is_given_imputed THEN given_datetime END AS stated_datetime,
           CASE WHEN is_given_imputed THEN given ELSE taken_date END AS imputed_date
    FROM dated
)
SELECT md5(arg_min(d.project_id || '|death|' || d.case_key, d.record_id))::UUID AS row_key, d.person_id,
       min(d.record_id) AS record_id, arg_min(d.mapping_id, d.record_id) AS mapping_id,
       list(DISTINCT d.record_id ORDER BY d.record_id) AS support,
       coalesce(min(d.stated), max(d.imputed_date)) AS death_date,
       arg_min(d.stated_datetime, (d.stated, d.stated_datetime IS NULL, d.stated_datetime)) FILTER (d.stated IS NOT NULL)
           AS death_datetime,
       bool_and(d.stated IS NULL) AS is_imputed,
       arg_max(d.start_imputation::VARCHAR, (d.imputed_date, -d.record_id)) FILTER (d.imputed_date IS NOT NULL) AS rule,
       arg_max(d.cause_coding, d.record_id) AS cause_coding, arg_max(d.cause_text, d.record_id) AS cause_text,
       arg_min(d.text, d.record_id) AS text, max(d.visit_occurrence_id) AS visit_occurrence_id,
       max(coalesce(d.last_date, d.imputed_date)) AS last_date
FROM placed d
GROUP BY d.person_id
