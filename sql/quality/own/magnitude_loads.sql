-- Numbers of a site's latest load whose median is five times that of its earlier loads, or a fifth of it, by concept and unit.
WITH made AS (
    SELECT o.omop_id, max(r.submission_id) AS load
    FROM harmonize.row_source o JOIN harmonize.record r USING (record_id)
    WHERE o.omop_table = {table_name}
    GROUP BY o.omop_id
),
valued AS (
    SELECT s.site, m.measurement_concept_id AS concept_id, m.unit_concept_id AS unit, m.value_as_number AS value, d.load,
           max(d.load) OVER (PARTITION BY s.site) AS latest
    FROM omop.{table} m
    JOIN made d ON d.omop_id = m.{id}
    JOIN quality_site s ON s.person_id = m.person_id
    WHERE m.value_as_number > 0 AND m.measurement_concept_id <> 0
),
told AS (
    SELECT site, concept_id, unit, count(*) FILTER (WHERE load = latest) AS n, count(*) FILTER (WHERE load < latest) AS earlier,
           median(value) FILTER (WHERE load = latest) AS middle, median(value) FILTER (WHERE load < latest) AS others
    FROM valued GROUP BY ALL
)
SELECT c.site, coalesce(sum(c.n) FILTER (WHERE greatest(c.middle / c.others, c.others / c.middle) >= 5), 0)::BIGINT AS violated,
       sum(c.n)::BIGINT AS denominator,
       string_agg(format('{{}}: {{:.4g}}, before {{:.4g}}', k.concept_name, c.middle, c.others), '; ' ORDER BY k.concept_name)
           FILTER (WHERE greatest(c.middle / c.others, c.others / c.middle) >= 5) AS note
FROM told c LEFT JOIN omop.concept k ON k.concept_id = c.concept_id
WHERE c.n >= 20 AND c.earlier >= 20
GROUP BY c.site
