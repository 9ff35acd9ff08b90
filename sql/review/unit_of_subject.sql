-- The units of the loaded results of a subject, with the middle nine tenths of their values; rare units are left out.
SELECT
    coalesce(m.unit_source_value, nullif(u.concept_code, 'No matching concept'), 'no unit') AS unit, count(*) AS results,
    round(quantile_cont(m.value_as_number, 0.05), 2) AS low, round(quantile_cont(m.value_as_number, 0.95), 2) AS high
FROM omop.measurement AS m
INNER JOIN omop.concept AS c ON c.concept_id = m.measurement_source_concept_id
LEFT JOIN omop.concept AS u ON u.concept_id = m.unit_concept_id
WHERE replace(c.vocabulary_id, ' ', '_') = $vocabulary AND c.concept_code = $code
GROUP BY 1
HAVING count(*) >= $least
ORDER BY results DESC, unit
