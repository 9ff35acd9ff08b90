-- The studies of all datasets of an MD.ai export, in the order of the file; dataset.id is that of their dataset.
WITH dataset AS (
    SELECT generate_subscripts(json_extract(document, '$.datasets[*]'), 1) AS rank,
           unnest(json_extract(document, '$.datasets[*]')) AS dataset
    FROM mdai_document
),
study AS (
    SELECT rank, dataset ->> 'id' AS dataset_id,
           generate_subscripts(json_extract(dataset, '$.studies[*]'), 1) AS number,
           unnest(json_extract(dataset, '$.studies[*]')) AS entry
    FROM dataset
)
SELECT row_number() OVER (ORDER BY rank, number) AS line_,
       CASE WHEN json_type(entry) = 'OBJECT' THEN json_merge_patch(entry, json_object('dataset.id', dataset_id)) ELSE entry END AS entry
FROM study
