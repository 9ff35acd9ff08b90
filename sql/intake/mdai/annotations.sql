-- The annotations of all datasets of an MD.ai export, in the order of the file, with what they name by id: the label with its
-- parent and group (of two labels with one id the first), and the dataset. An unknown label gives nothing.
WITH export AS MATERIALIZED (
    SELECT from_json(content, '{"labelGroups": [{"id": "VARCHAR", "name": "VARCHAR", "labels": [{"id": "VARCHAR",
        "name": "VARCHAR", "scope": "VARCHAR", "type": "VARCHAR", "annotationMode": "VARCHAR", "parentId": "VARCHAR"}]}],
        "datasets": [{"id": "VARCHAR", "annotations": ["JSON"]}]}') AS found
    FROM read_text($path)
),
label_group AS (
    SELECT generate_subscripts(found.labelGroups, 1) AS rank, unnest(found.labelGroups) AS label_group FROM export
),
label AS (
    SELECT rank, label_group, generate_subscripts(label_group.labels, 1) AS number, unnest(label_group.labels) AS label
    FROM label_group
),
known AS (
    SELECT label.id AS id, arg_min(label, (rank, number)) AS label, arg_min(label_group.id, (rank, number)) AS group_id,
           arg_min(label_group.name, (rank, number)) AS group_name
    FROM label
    GROUP BY label.id
),
dataset AS (
    SELECT generate_subscripts(found.datasets, 1) AS rank, unnest(found.datasets) AS dataset FROM export
),
counted AS (
    SELECT dataset, coalesce(sum(len(dataset.annotations)) OVER (ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
               AS before
    FROM dataset
),
annotation AS (
    SELECT before::BIGINT + generate_subscripts(dataset.annotations, 1) AS line_,
           coalesce(unnest(dataset.annotations), 'null') AS entry, dataset.id AS dataset_id
    FROM counted
)
SELECT a.line_, a.entry, l.label.name AS "label.name", l.label.scope AS "label.scope", l.label.type AS "label.type",
       l.label.annotationMode AS "label.annotationMode", p.label.name AS "label.parent",
       l.group_id AS "labelGroup.id", l.group_name AS "labelGroup.name", a.dataset_id AS "dataset.id"
FROM annotation a
LEFT JOIN known l ON l.id = a.entry ->> 'labelId'
LEFT JOIN known p ON p.id = l.label.parentId
