-- observation_period: first to last event of a person, but for days that cannot be. Policy themis_60d starts a new one after a
--   gap of 548 days; policy events spans all events. Where dates are those of the calendar, themis_60d ends a period 60 days
--   after its last event, and nothing goes past the data pull or 60 days after death. Moved dates end at the last event: a day
--   that is common to all persons would tell by how much each was moved.
-- rows: omop.observation_period
WITH dated AS (
    SELECT person_id, visit_start_date AS first, visit_end_date AS last, false AS is_death FROM omop.visit_occurrence
    UNION ALL SELECT person_id, condition_start_date, coalesce(condition_end_date, condition_start_date), false
              FROM omop.condition_occurrence
    UNION ALL SELECT person_id, drug_exposure_start_date, drug_exposure_end_date, false FROM omop.drug_exposure
    UNION ALL SELECT person_id, procedure_date, coalesce(procedure_end_date, procedure_date), false FROM omop.procedure_occurrence
    UNION ALL SELECT person_id, device_exposure_start_date, coalesce(device_exposure_end_date, device_exposure_start_date), false
              FROM omop.device_exposure
    UNION ALL SELECT person_id, measurement_date, measurement_date, false FROM omop.measurement
    UNION ALL SELECT person_id, observation_date, observation_date, false FROM omop.observation
    UNION ALL SELECT person_id, image_occurrence_date, image_occurrence_date, false FROM omop.image_occurrence
    UNION ALL SELECT person_id, death_date, death_date, true FROM omop.death
),
bounded AS (
    SELECT p.*, CASE WHEN is_calendar THEN least(p.data_pull, d.death_date + 60) END AS until,
           CASE WHEN is_calendar AND observation_period = 'themis_60d' THEN 60 ELSE 0 END AS days_after
    FROM period_person p
    LEFT JOIN omop.death d USING (person_id)
),
-- What no calendar means: placeholders (1900-01-01 and before; 9999-12-31), what lies before a birth that is known to the day,
-- and, where dates are those of the calendar, more than a year after the data pull, or the last load of the project.
meant AS (
    SELECT d.person_id, d.is_death, d.first, p.observation_period, p.days_after, p.until, p.data_pull,
           CASE WHEN d.last BETWEEN d.first AND p.latest THEN d.last ELSE d.first END AS last
    FROM dated d
    JOIN bounded p USING (person_id)
    JOIN omop.person o USING (person_id)
    WHERE d.first BETWEEN DATE '1900-01-02' AND p.latest
      AND coalesce(d.first >= make_date(o.year_of_birth, o.month_of_birth, o.day_of_birth), true)
),
known AS (
    SELECT person_id, is_death, first, observation_period, days_after, until, least(last, until) AS last,
           max(last) OVER (PARTITION BY person_id) + days_after > data_pull AS is_cut
    FROM meant
    QUALIFY coalesce(first <= until, true)
),
affected AS (
    SELECT person_id, first, last, observation_period, days_after, until, is_cut
    FROM known
    WHERE observation_period = 'themis_60d'
    UNION ALL
    SELECT person_id, min(first), max(last), any_value(observation_period), any_value(days_after), any_value(until), any_value(is_cut)
    FROM known
    WHERE observation_period IS DISTINCT FROM 'themis_60d'
    GROUP BY person_id
),
-- a death alone is no time in which anything was observed
observed AS (
    FROM affected SEMI JOIN (FROM known WHERE NOT is_death) USING (person_id)
),
stepped AS (
    SELECT *, observation_period = 'themis_60d'
              AND first - max(last) OVER (PARTITION BY person_id ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                  >= 548
              AS is_new
    FROM observed
),
numbered AS (
    SELECT *, sum(CASE WHEN is_new THEN 1 ELSE 0 END) OVER (PARTITION BY person_id ORDER BY first, last) AS period
    FROM stepped
)
SELECT md5(project_id || '|observation_period|' || case_key || '|' || period)::UUID AS row_key,
       any_value(record_id) AS record_id, any_value(mapping_id) AS mapping_id, person_id,
       min(n.first) AS observation_period_start_date,
       least(max(n.last) + any_value(n.days_after), any_value(n.until)) AS observation_period_end_date,
       (SELECT max(target_concept_id) FROM coding_target WHERE coding = 'Type Concept:OMOP4976955') AS period_type_concept_id,
       CASE WHEN any_value(n.is_cut) THEN [{'column_name': 'observation_period_end_date', 'rule': 'data_pull'}] ELSE [] END AS imputed
FROM numbered n
JOIN period_person USING (person_id)
GROUP BY project_id, case_key, person_id, period
