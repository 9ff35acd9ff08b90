-- How many resources have a narrative, and how many name, locate or reach somebody in elements of their own (names, addresses,
-- telephones, contacts): what no view reads. The text is looked over before it is parsed.
SELECT count(*) FILTER (contains(json, '"div"') AND json_exists(json, '$.text.div')),
       count(*) FILTER ((contains(json, '"telecom"') OR contains(json, '"contact"') OR contains(json, '"family"'))
                        AND (json_exists(json, '$.telecom') OR json_exists(json, '$.contact') OR json_exists(json, '$.name[0].family')))
FROM fhir_resource WHERE problem IS NULL AND json IS NOT NULL AND resource_type <> 'Bundle'
