-- Are patients who had a chest CT sicker than the others?
WITH chest_ct AS (
    SELECT DISTINCT person_id FROM linked.imaging_timeline WHERE modality = 'CT' AND region = 'Chest'
),
saturation AS (
    SELECT person_id, min(value_as_number) AS lowest FROM linked.event WHERE concept_name ILIKE '%oxygen saturation%' GROUP BY person_id
)
SELECT CASE WHEN c.person_id IS NULL THEN 'no chest CT' ELSE 'chest CT' END AS imaging,
       count(*) AS persons,
       round(median(s.lowest), 1) AS median_oxygen_saturation,
       count(p.death_date) AS deaths,
       round(100.0 * count(p.death_date) / count(*), 1) AS percent_died
FROM linked.person_summary p
LEFT JOIN chest_ct c USING (person_id)
LEFT JOIN saturation s USING (person_id)
WHERE p.visits > 0
GROUP BY imaging
ORDER BY imaging
