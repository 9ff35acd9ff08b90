-- Annotations of studies that the same delivery's exports do not list; one finding a study, at its first annotation.
SELECT min_by(a.file_id, (a.file_id, a.line_)) AS file_id, min_by(a.line_, (a.file_id, a.line_)) AS line_,
       'StudyInstanceUID' AS column_name, a.StudyInstanceUID AS value
FROM batch_annotation a
ANTI JOIN batch_study s ON s.StudyInstanceUID = a.StudyInstanceUID
WHERE a.StudyInstanceUID IS NOT NULL
GROUP BY a.StudyInstanceUID
