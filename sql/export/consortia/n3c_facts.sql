-- What the manifest says of the data: whether dates of a project with persons here were moved, by the contributor too, whether
-- all by at most a year (the policy `shifted`), the vocabulary, and up to when the sources reach. CDM tables: {cdm}.
WITH asked AS (
    SELECT DISTINCT p.time_policy, coalesce(p.shifted_by_source, false) AS by_source
    FROM harmonize.project p
    WHERE p.project_id IN (SELECT project_id FROM harmonize.person_case)
)
SELECT coalesce(bool_or(time_policy IN ('offset', 'shifted') OR by_source), false) AS is_shifted,
       coalesce(bool_and(time_policy = 'shifted' OR (coalesce(time_policy, 'as_is') = 'as_is' AND NOT by_source)), true) AS within_a_year,
       (SELECT max(vocabulary_version) FROM {cdm}.vocabulary WHERE vocabulary_id = 'None') AS vocabulary_version,
       (SELECT max(source_release_date) FROM {cdm}.cdm_source) AS reaches
FROM asked
