-- Numbers of a concept in a site's commonest unit of it, where that is the commonest unit of no other site.
WITH told AS (
    SELECT s.site, m.measurement_concept_id AS concept_id, coalesce(m.unit_concept_id, 0) AS unit, count(*) AS n
    FROM omop.{table} m JOIN quality_site s ON s.person_id = m.person_id
    WHERE m.value_as_number IS NOT NULL AND m.measurement_concept_id <> 0
    GROUP BY ALL
),
commonest AS (
    SELECT site, concept_id, arg_max(unit, n) AS unit, max(n) AS n FROM told GROUP BY ALL HAVING sum(n) >= 20
),
compared AS (
    SELECT a.site, a.concept_id, a.unit, a.n, NOT bool_or(b.unit = a.unit) AS is_alone
    FROM commonest a JOIN commonest b ON b.concept_id = a.concept_id AND b.site <> a.site
    GROUP BY ALL
)
SELECT c.site, coalesce(sum(c.n) FILTER (WHERE c.is_alone), 0)::BIGINT AS violated, sum(c.n)::BIGINT AS denominator,
       string_agg(format('{{}} in {{}}', k.concept_name, coalesce(u.concept_name, 'no unit')), '; ' ORDER BY k.concept_name)
           FILTER (WHERE c.is_alone) AS note
FROM compared c
LEFT JOIN omop.concept k ON k.concept_id = c.concept_id
LEFT JOIN omop.concept u ON u.concept_id = c.unit AND c.unit <> 0
GROUP BY c.site
