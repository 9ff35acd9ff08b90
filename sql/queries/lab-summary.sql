-- title: Which laboratory values are there, and how are they spread?
-- asked_by: Researchers who choose variables; reviewers who look for wrong units.
-- parameter: project text; only this project
-- parameter: lab text; a part of the name of the measurement, or its LOINC code
-- parameter: persons integer = 5; fewest persons with a value
-- column: name; the measurement, as its concept or the source calls it
-- column: unit; its unit
-- column: persons; persons with a value
-- column: results; values
-- column: p5; the value that 5 percent do not exceed
-- column: median; the median
-- column: p95; the value that 95 percent do not exceed
-- needs: labs
WITH lab AS (
    SELECT m.person_id, coalesce(c.concept_name, m.measurement_source_value) AS name,
           coalesce(u.concept_code, m.unit_source_value) AS unit, m.value_as_number AS value
    FROM omop.measurement m
    SEMI JOIN harmonize.person_case k ON k.person_id = m.person_id AND k.project_id = coalesce($project, k.project_id)
    LEFT JOIN omop.concept c ON c.concept_id = nullif(m.measurement_concept_id, 0)
    LEFT JOIN omop.concept u ON u.concept_id = nullif(m.unit_concept_id, 0)
    WHERE m.value_as_number IS NOT NULL
      AND ($lab IS NULL OR $lab IN (c.concept_code, m.measurement_source_value)
           OR contains(lower(coalesce(c.concept_name, m.measurement_source_value)), lower($lab)))
)
SELECT name, unit, count(DISTINCT person_id) AS persons, count(*) AS results, quantile_disc(value, 0.05) AS p5,
       median(value) AS median, quantile_disc(value, 0.95) AS p95
FROM lab
GROUP BY name, unit
HAVING count(DISTINCT person_id) >= $persons
ORDER BY persons DESC, name, unit
