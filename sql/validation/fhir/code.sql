-- The codes that a part of the resources uses: by file, element, system and code, with the first place and how often.
INSERT INTO fhir_code_used
WITH same AS (  -- most resources share their codes with others
    SELECT file_id, resource_type, min(place) AS place, count(*) AS times,
           {'code': r.code, 'vaccineCode': r.vaccineCode, 'medicationCodeableConcept': r.medicationCodeableConcept,
            'valueCodeableConcept': r.valueCodeableConcept, 'category': r.category, 'reasonCode': r.reasonCode,
            'component': r.component, 'class': r.class, 'valueQuantity': r.valueQuantity} AS r
    FROM fhir_content GROUP BY ALL
), used AS (
    SELECT file_id, place, times, resource_type, unnest(list_concat(
               [{'element': 'code.coding', 'c': c} FOR c IN r.code.coding],
               [{'element': 'vaccineCode.coding', 'c': c} FOR c IN r.vaccineCode.coding],
               [{'element': 'medicationCodeableConcept.coding', 'c': c} FOR c IN r.medicationCodeableConcept.coding],
               [{'element': 'valueCodeableConcept.coding', 'c': c} FOR c IN r.valueCodeableConcept.coding],
               [{'element': 'valueQuantity', 'c': r.valueQuantity}],
               [{'element': 'class', 'c': r.class}],
               [{'element': 'category.coding', 'c': c} FOR c IN flatten([k.coding FOR k IN r.category])],
               [{'element': 'reasonCode.coding', 'c': c} FOR c IN flatten([k.coding FOR k IN r.reasonCode])],
               [{'element': 'component.code.coding', 'c': c} FOR c IN flatten([k.code.coding FOR k IN r.component])],
               [{'element': 'component.valueQuantity', 'c': k.valueQuantity} FOR k IN r.component]
           )) AS u
    FROM same
)
SELECT file_id, resource_type || '.' || u.element AS path, u.c.system AS system, u.c.code AS code,
       min(place) AS place, sum(times) AS times
FROM used WHERE u.c.system IS NOT NULL
GROUP BY ALL
