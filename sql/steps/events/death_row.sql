-- One death a person: the earliest date that is stated, else the latest of those taken from visits (a flag that stands
--   on several visits is true after the last of them); none leaves death_date NULL.
-- when: death
CREATE OR REPLACE TEMP TABLE death_row AS
WITH dated AS (
    SELECT d.*, a.person_id, v.visit_occurrence_id,
           omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift, d.start_day, coalesce(d.start_date, d.start_datetime::DATE))
               AS stated,
           -- a time of day only where the source states it; days of an offset have none
           CASE WHEN a.time_policy = 'offset' THEN NULL ELSE d.start_datetime + to_days(a.day_shift) END AS stated_datetime,
           CASE WHEN d.start_imputation = 'visit_end' THEN v.visit_end WHEN d.start_imputation IS NOT NULL THEN v.visit_start END
               AS imputed_date
    FROM midrc.death d
    JOIN affected_case a USING (project_id, case_key)
    LEFT JOIN visit_row v USING (project_id, case_key, visit_key)
    WHERE a.person_id IS NOT NULL
),
last_day AS (
    SELECT person_id, max(last_date) AS last_date
    FROM (SELECT person_id, coalesce(end_date, start_date) AS last_date FROM event
          UNION ALL SELECT person_id, visit_end_date FROM visit_kept)
    GROUP BY person_id
)
SELECT md5(arg_min(d.project_id || '|death|' || d.case_key, d.record_id))::UUID AS row_key, d.person_id,
       min(d.record_id) AS record_id, arg_min(d.mapping_id, d.record_id) AS mapping_id,
       list(DISTINCT d.record_id ORDER BY d.record_id) AS support,
       coalesce(min(d.stated), max(d.imputed_date)) AS death_date,
       arg_min(d.stated_datetime, (d.stated, d.stated_datetime IS NULL, d.stated_datetime)) FILTER (d.stated IS NOT NULL)
           AS death_datetime,
       bool_and(d.stated IS NULL) AS is_imputed,
       arg_min(d.start_imputation::VARCHAR, d.record_id) AS rule,
       arg_max(d.cause_coding, d.record_id) AS cause_coding, arg_max(d.cause_text, d.record_id) AS cause_text,
       arg_min(d.text, d.record_id) AS text, max(d.visit_occurrence_id) AS visit_occurrence_id,
       max(coalesce(l.last_date, d.imputed_date)) AS last_date
FROM dated d LEFT JOIN last_day l USING (person_id)
GROUP BY d.person_id
