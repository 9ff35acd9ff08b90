-- metadata: how each project writes time, and which software and mapping made its rows (IG f2o-040). The days on which a
--   project's days are counted are a secret of the store.
-- after: metadata.gone
INSERT INTO omop.metadata BY NAME
WITH live AS (
    SELECT s.* FROM harmonize.submission s
    WHERE s.state = 'loaded' AND EXISTS (FROM harmonize.record r WHERE r.submission_id = s.submission_id AND r.is_current)
),
fact AS (
    SELECT DISTINCT 'time policy of ' || project_id AS name,
           concat_ws(' ', p.time_policy, CASE WHEN p.shifted_by_source THEN 'shifted_by_source' END) AS value
    FROM live JOIN harmonize.project p USING (project_id) WHERE p.time_policy IS NOT NULL
    UNION
    SELECT DISTINCT 'mapping of submission ' || submission_id, mapping || ' ' || left(mapping_version, 12) FROM live
    UNION
    SELECT DISTINCT 'software of submission ' || submission_id, 'midrc-harmonize ' || software_version FROM live
)
SELECT row_number() OVER (ORDER BY name) AS metadata_id, 0 AS metadata_concept_id, 0 AS metadata_type_concept_id,
       left(name, 250) AS name, left(value, 250) AS value_as_string
FROM fact
