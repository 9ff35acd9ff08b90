-- What an assignment added.
SELECT count(*) FILTER (side = 'open') AS open, count(*) FILTER (side = 'sequestered') AS sequestered,
       count(*) FILTER (basis = 'person') AS followed, count(DISTINCT stratum) FILTER (basis <> 'person') AS strata,
       count(DISTINCT stratum) FILTER (basis = 'small') AS small_strata
FROM harmonize.sequestration
WHERE project_id = $project AND assigned_at = $now
