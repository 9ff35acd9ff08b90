-- The cases that a change touches: those of touched_case, and those that series and annotations left or went to.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT project_id, case_key FROM touched_case WHERE case_key IS NOT NULL
UNION
SELECT project_id, case_key
FROM (SELECT project_id, unnest([former_case_key, case_key]) AS case_key
      FROM (SELECT project_id, former_case_key, case_key FROM series_link
            UNION ALL BY NAME SELECT project_id, former_case_key, case_key FROM annotation_link))
WHERE case_key IS NOT NULL
