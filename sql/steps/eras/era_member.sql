-- The events of each era: of one person and condition, ingredient, or ingredient and dose, those between which no more than 30 days lie
--   without one (OMOP's persistence window; the 31st day begins a new era). An era is known by its first event; `gap` are the days
--   without any event that lie before one.
-- when: era_span
CREATE OR REPLACE TEMP TABLE era_member AS
WITH lasting AS (
    SELECT *, max(last) OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
    FROM era_span
    WINDOW earlier AS (PARTITION BY era_table, person_id, concept_id, unit_concept_id, dose ORDER BY first, last, event_id)
)
SELECT * EXCLUDE (until), CASE WHEN first - until <= 30 THEN greatest(first - until - 1, 0) ELSE 0 END AS gap,
       last_value(CASE WHEN first - until <= 30 THEN NULL ELSE event_id END IGNORE NULLS) OVER (
           PARTITION BY era_table, person_id, concept_id, unit_concept_id, dose ORDER BY first, last, event_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS first_event_id
FROM lasting
