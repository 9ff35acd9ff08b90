-- The same of procedures; those that images are of may be as many on a day as there are studies.
SELECT s.site, sum(greatest(d.n - greatest(d.imaged, 1), 0))::BIGINT AS violated, sum(d.n)::BIGINT AS denominator, NULL AS note
FROM (
    SELECT t.person_id, hash({others}) AS said, count(*) AS n, count(i.procedure_occurrence_id) AS imaged
    FROM omop.{table} t
    LEFT JOIN (SELECT DISTINCT procedure_occurrence_id FROM omop.image_occurrence) i ON i.procedure_occurrence_id = t.{id}
    GROUP BY ALL
) d
LEFT JOIN quality_site s ON s.person_id = d.person_id
GROUP BY s.site
