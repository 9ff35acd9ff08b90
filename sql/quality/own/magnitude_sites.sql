-- Numbers of a concept in a unit whose median is five times that of other sites, or a fifth of it.
WITH told AS (
    SELECT s.site, m.measurement_concept_id AS concept_id, m.unit_concept_id AS unit, count(*) AS n, median(m.value_as_number) AS middle
    FROM omop.{table} m JOIN quality_site s ON s.person_id = m.person_id
    WHERE m.value_as_number > 0 AND m.measurement_concept_id <> 0
    GROUP BY ALL HAVING count(*) >= 20
),
compared AS (
    SELECT a.site, a.concept_id, a.n, a.middle, median(b.middle) AS others
    FROM told a
    JOIN told b ON b.concept_id = a.concept_id AND b.unit IS NOT DISTINCT FROM a.unit AND b.site <> a.site
    GROUP BY ALL
)
SELECT c.site, coalesce(sum(c.n) FILTER (WHERE greatest(c.middle / c.others, c.others / c.middle) >= 5), 0)::BIGINT AS violated,
       sum(c.n)::BIGINT AS denominator,
       string_agg(format('{{}}: {{:.4g}}, elsewhere {{:.4g}}', k.concept_name, c.middle, c.others), '; ' ORDER BY k.concept_name)
           FILTER (WHERE greatest(c.middle / c.others, c.others / c.middle) >= 5) AS note
FROM compared c LEFT JOIN omop.concept k ON k.concept_id = c.concept_id
GROUP BY c.site
