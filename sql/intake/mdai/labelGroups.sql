-- The label groups of an MD.ai export, each with its labels as JSON.
WITH export AS MATERIALIZED (
    SELECT from_json(content, '{"labelGroups": ["JSON"]}').labelGroups AS found FROM read_text($path)
)
SELECT generate_subscripts(found, 1) AS line_, coalesce(unnest(found), 'null') AS entry FROM export
