-- Put what may be kept (privacy_mask) in the place of attributes that identify a person: nothing, the text with the telling
-- part masked, of a key ($keys among the $paths) a hash. told says which rule was broken where.
UPDATE dicom_new
SET header = CAST(json_merge_patch(header, p.patch) AS VARCHAR), told = list_concat(dicom_new.told, p.told),
    series_uid = coalesce(p.series_uid, dicom_new.series_uid)
FROM (
    SELECT ordinal, part, json_group_object(path, kept) AS patch, flatten(list(told)) AS told,
           any_value(kept) FILTER (path = 'SeriesInstanceUID') AS series_uid
    FROM (
        SELECT c.ordinal, c.part, $paths[c.t.column_id] AS path,
               CASE WHEN list_contains($keys::VARCHAR[], $paths[c.t.column_id]) THEN masked_key('dicom', m.value) ELSE m.shown END AS kept,
               list_transform(h.rules, lambda rule: rule || ':' || $paths[c.t.column_id]) AS told
        FROM (SELECT ordinal, part, unnest({texts}) AS t
              FROM (SELECT ordinal, part, from_json(header, {struct}) AS a FROM dicom_new WHERE header IS NOT NULL)) c
        JOIN privacy_mask m ON m.column_id = c.t.column_id AND m.value = c.t.value
        JOIN (SELECT column_id, value, list(DISTINCT rule) AS rules FROM privacy_hit GROUP BY ALL) h
          ON h.column_id = m.column_id AND h.value = m.value
    )
    GROUP BY ordinal, part
) p
WHERE dicom_new.ordinal = p.ordinal AND dicom_new.part = p.part
