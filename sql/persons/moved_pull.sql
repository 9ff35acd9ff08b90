-- Cases whose observation periods end, or have to end, at another day since this submission, loaded or withdrawn, moves the data
-- pull of its project: they are derived anew, as if all had been loaded at once.
INSERT INTO touched_case
WITH pull AS (
    SELECT project_id,
           max(data_pull) FILTER (state = 'loaded' AND submission_id <> $submission) AS without,
           greatest(without, max(data_pull) FILTER (submission_id = $submission)) AS with_it,
           max(data_pull) FILTER (state = 'loaded') AS latest
    FROM harmonize.submission
    GROUP BY project_id
    HAVING with_it IS DISTINCT FROM without
),
cut AS (
    SELECT i.omop_id AS observation_period_id FROM harmonize.imputation i
    WHERE i.omop_table = 'observation_period' AND i.rule = 'data_pull'
)
SELECT DISTINCT c.project_id, c.case_key
FROM harmonize.person_case c
JOIN pull p USING (project_id)
LEFT JOIN omop.observation_period o USING (person_id)
LEFT JOIN cut USING (observation_period_id)
WHERE o.person_id IS NULL OR o.observation_period_end_date > p.latest OR cut.observation_period_id IS NOT NULL
