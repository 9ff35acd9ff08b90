-- A told exam is the study that exam_pair found; its UID is then none that the record states.
-- when: exam_pair
-- after: readers
UPDATE midrc.imaging_study SET study_uid = x.study_uid, computed = list_distinct(list_append(coalesce(computed, []), 'study_uid'))
FROM exam_pair x
WHERE x.node = 'imaging_study' AND imaging_study.row_key = x.row_key
