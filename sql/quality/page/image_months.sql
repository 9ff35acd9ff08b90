-- Series and persons by modality and month; of a site, or of all.
SELECT coalesce(nullif(c.concept_name, 'No matching concept'), 'not known') AS series,
       date_trunc('month', t.image_occurrence_date)::DATE AS month, count(*) AS rows, count(DISTINCT t.person_id) AS persons
FROM omop.image_occurrence t
LEFT JOIN omop.concept c ON c.concept_id = t.modality_concept_id
LEFT JOIN quality_site s ON s.person_id = t.person_id
WHERE isfinite(t.image_occurrence_date) AND ($site IS NULL OR s.site = $site)
GROUP BY ALL ORDER BY series, month
