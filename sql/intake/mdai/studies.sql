-- The studies of all datasets of an MD.ai export, in the order of the file, with the id of their dataset.
WITH export AS MATERIALIZED (
    SELECT from_json(content, '{"datasets": [{"id": "VARCHAR", "studies": ["JSON"]}]}').datasets AS found
    FROM read_text($path)
),
dataset AS (
    SELECT generate_subscripts(found, 1) AS rank, unnest(found) AS dataset FROM export
),
counted AS (
    SELECT dataset, coalesce(sum(len(dataset.studies)) OVER (ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM dataset
)
SELECT before::BIGINT + generate_subscripts(dataset.studies, 1) AS line_,
       coalesce(unnest(dataset.studies), 'null') AS entry, dataset.id AS "dataset.id"
FROM counted
