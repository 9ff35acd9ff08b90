-- Give the annotations of annotation_link what their study says now.
-- when: annotation_link
UPDATE midrc.annotation SET case_key = l.case_key, cases = l.case_key, study_uid = l.study_uid, series_uid = l.series_uid,
    repeats = NULL
FROM annotation_link l
WHERE annotation.row_key = l.row_key
