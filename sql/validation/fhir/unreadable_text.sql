-- Texts of documents and reports that are none in their charset: another one than the contentType tells, or one that is not known
-- here. Broken base64 is the screen's to tell (fhir_value).
INSERT INTO fhir_found
WITH parsed AS (
    SELECT file_id, fhir_place(line, position) AS place, resource_type,
           from_json(json, '{"content": [{"attachment": {"contentType": "VARCHAR", "data": "VARCHAR"}}],
                             "presentedForm": [{"contentType": "VARCHAR", "data": "VARCHAR"}]}') AS r
    FROM fhir_resource
    WHERE resource_type IN ('DocumentReference', 'DiagnosticReport') AND problem IS NULL AND json IS NOT NULL
      AND rowid BETWEEN $first AND $last
),
attachment AS (
    SELECT file_id, place, 'DocumentReference.content[' AS owner, '].attachment.data' AS below, unnest(r.content).attachment AS one,
           generate_subscripts(r.content, 1) - 1 AS number
    FROM parsed WHERE resource_type = 'DocumentReference'
    UNION ALL
    SELECT file_id, place, 'DiagnosticReport.presentedForm[', '].data', unnest(r.presentedForm),
           generate_subscripts(r.presentedForm, 1) - 1
    FROM parsed WHERE resource_type = 'DiagnosticReport'
)
SELECT 'fhir_unreadable_text', file_id, place, owner || number || below, NULL, NULL, NULL
FROM attachment
WHERE one.data IS NOT NULL AND starts_with(lower(coalesce(one.contentType, 'text/')), 'text/')
  AND base64_text(one.data, 'text/plain; charset=latin1') IS NOT NULL AND base64_text(one.data, coalesce(one.contentType, '')) IS NULL
