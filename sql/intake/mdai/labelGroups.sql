-- The label groups of an MD.ai export, each with its labels as JSON.
SELECT generate_subscripts(json_extract(document, '$.labelGroups[*]'), 1) AS line_,
       unnest(json_extract(document, '$.labelGroups[*]')) AS entry
FROM mdai_document
