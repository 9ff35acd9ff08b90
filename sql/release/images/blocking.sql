-- Series whose headers say that somebody may be seen in them, or do not say that nobody can: why, and what was decided last. A
-- decision holds for the reasons that were there. The tomography of a head, from which a face can be made, must say that it shows none.
WITH series AS (
    SELECT s.project_id, s.series_uid, min(s.study_uid) AS study_uid, min(s.modality) AS modality,
           min(s.body_part_examined) AS body_part,
           bool_or(regexp_matches(concat_ws(' ', s.body_part_examined, s.series_description, s.study_description),
               '(?i)\b(head|brain|skull|face|facial|maxillofacial|sinus|sinuses|orbits?|neck|jaw|mandible|maxilla|temporal|iac)\b'
           )) AS is_head
    FROM midrc.imaging_series s
    WHERE $project IS NULL OR s.project_id = $project
    GROUP BY s.project_id, s.series_uid
),
told AS (
    SELECT s.*, list_contains(string_split(upper(i.burned_in_annotation), '\'), 'YES') AS is_burned_in,
           list_contains(string_split(upper(i.recognizable_features), '\'), 'YES') AS is_recognizable,
           coalesce(upper(i.identity_removed), '') <> 'YES' AS is_not_removed,
           s.is_head AND s.modality IN ('CT', 'MR', 'PT') AND coalesce(upper(i.recognizable_features), '') NOT IN ('NO', 'YES')
               AS is_head_unstated
    FROM series s
    JOIN harmonize.image_privacy i USING (project_id, series_uid)
),
reason AS (
    SELECT *, list_filter([CASE WHEN is_burned_in THEN 'burned_in_annotation' END,
                           CASE WHEN is_recognizable THEN 'recognizable_features' END,
                           CASE WHEN is_not_removed THEN 'identity_not_removed' END,
                           CASE WHEN is_head_unstated THEN 'head_unstated' END], lambda x: x IS NOT NULL) AS reasons
    FROM told
),
decided AS (
    SELECT project_id, series_uid, max_by((decision, reasons, decided_by, why), (decided_at, rowid)) AS last
    FROM harmonize.image_decision
    GROUP BY project_id, series_uid
)
SELECT r.project_id, r.study_uid, r.series_uid, r.modality, r.body_part, r.is_head, r.reasons,
       CASE WHEN list_has_all(d.last[2], r.reasons) THEN d.last[1] END AS decision,
       CASE WHEN list_has_all(d.last[2], r.reasons) THEN d.last[3] END AS decided_by,
       CASE WHEN list_has_all(d.last[2], r.reasons) THEN d.last[4] END AS why
FROM reason r
LEFT JOIN decided d USING (project_id, series_uid)
WHERE len(r.reasons) > 0
ORDER BY r.is_head DESC, r.project_id, r.study_uid, r.series_uid
