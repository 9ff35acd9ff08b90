-- Series that a site sent which no person of OMOP has.
SELECT h.project_id AS site, count(*) FILTER (WHERE o.image_series_uid IS NULL) AS violated, count(*) AS denominator, NULL AS note
FROM (SELECT DISTINCT project_id, series_uid FROM midrc.imaging_series WHERE series_uid IS NOT NULL) h
LEFT JOIN (SELECT DISTINCT image_series_uid FROM omop.{table}) o ON o.image_series_uid = h.series_uid
GROUP BY h.project_id
