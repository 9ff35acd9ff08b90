-- The annotations of all datasets of an MD.ai export, in the order of the file. What they name by id stands beside them: the
-- label with its parent and group (of two labels with one id the first), the dataset. An unknown label gives nothing.
WITH label_group AS (
    SELECT generate_subscripts(json_extract(document, '$.labelGroups[*]'), 1) AS rank,
           unnest(json_extract(document, '$.labelGroups[*]')) AS label_group
    FROM mdai_document
),
label AS (
    SELECT rank, label_group ->> 'id' AS group_id, label_group ->> 'name' AS group_name,
           generate_subscripts(json_extract(label_group, '$.labels[*]'), 1) AS number,
           unnest(json_extract(label_group, '$.labels[*]')) AS label
    FROM label_group
),
known AS (
    SELECT label ->> 'id' AS id, arg_min(label ->> 'name', (rank, number)) AS name,
           arg_min(label ->> 'scope', (rank, number)) AS scope, arg_min(label ->> 'type', (rank, number)) AS type,
           arg_min(label ->> 'annotationMode', (rank, number)) AS mode,
           arg_min(label ->> 'parentId', (rank, number)) AS parent_id,
           arg_min(group_id, (rank, number)) AS group_id, arg_min(group_name, (rank, number)) AS group_name
    FROM label
    GROUP BY ALL
),
dataset AS (
    SELECT generate_subscripts(json_extract(document, '$.datasets[*]'), 1) AS rank,
           unnest(json_extract(document, '$.datasets[*]')) AS dataset
    FROM mdai_document
),
annotation AS (
    SELECT rank, dataset ->> 'id' AS dataset_id,
           generate_subscripts(json_extract(dataset, '$.annotations[*]'), 1) AS number,
           unnest(json_extract(dataset, '$.annotations[*]')) AS entry
    FROM dataset
)
SELECT row_number() OVER (ORDER BY a.rank, a.number) AS line_,
       CASE WHEN json_type(a.entry) = 'OBJECT' THEN json_merge_patch(a.entry, json_object(
           'label.name', l.name, 'label.scope', l.scope, 'label.type', l.type, 'label.annotationMode', l.mode,
           'label.parent', p.name, 'labelGroup.id', l.group_id, 'labelGroup.name', l.group_name,
           'dataset.id', a.dataset_id)) ELSE a.entry END AS entry
FROM annotation a
LEFT JOIN known l ON l.id = a.entry ->> 'labelId'
LEFT JOIN known p ON p.id = l.parent_id
