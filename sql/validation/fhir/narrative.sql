-- How many resources have a narrative, and how many name, locate or reach somebody in elements of their own (names, addresses,
-- telephones, contacts): what no view reads. To look for one word in a text costs as much as a parse for all of these.
SELECT count(*) FILTER (told[1]), count(*) FILTER (told[2] OR told[3] OR told[4])
FROM (SELECT json_exists(json, ['$.text.div', '$.telecom', '$.contact', '$.name[0].family']) AS told
      FROM fhir_resource WHERE problem IS NULL AND json IS NOT NULL AND resource_type <> 'Bundle'
        AND resource_type IN (SELECT resource_type FROM fhir_key WHERE element IN ('text', 'telecom', 'contact', 'name')))
