-- Persons by sex and ten years of age at their first observation, those of 90 and more together; of a site, or of all.
SELECT CASE g.concept_code WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' ELSE 'not known' END AS series,
       least(greatest(year(o.first) - p.year_of_birth, 0) // 10 * 10, 90) AS band, count(*) AS rows, count(*) AS persons
FROM omop.person p
JOIN (SELECT person_id, min(observation_period_start_date) AS first FROM omop.observation_period GROUP BY person_id) o
  ON o.person_id = p.person_id
LEFT JOIN omop.concept g ON g.concept_id = p.gender_concept_id AND g.vocabulary_id = 'Gender'
LEFT JOIN quality_site s ON s.person_id = p.person_id
WHERE $site IS NULL OR s.site = $site
GROUP BY ALL ORDER BY series, band
