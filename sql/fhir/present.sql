-- What the resources of each type have that its views may read; a Medication may also be contained in another resource.
-- A resource that is nested too deeply to be told ('') leaves open what its type has.
WITH contained AS (
  SELECT 'Medication' AS resource_type, list_filter(leaves, lambda x: x = '' OR starts_with(x, 'contained.')) AS leaves,
         list_filter(several, lambda x: starts_with(x, 'contained.')) AS several
  FROM fhir_present
),
told AS (
  FROM fhir_present
  UNION ALL
  SELECT resource_type, list_transform(leaves, lambda x: substr(x, 11)), list_transform(several, lambda x: substr(x, 11))
  FROM contained
)
SELECT resource_type, list_distinct(flatten(list(leaves))) AS leaves, list_distinct(flatten(list(several))) AS several
FROM told
GROUP BY resource_type
HAVING NOT contains(flatten(list(leaves)), '')
