-- Give the series of series_link what their study says now.
-- when: series_link
UPDATE midrc.imaging_series SET case_key = l.case_key, study_uid = l.study_uid, study_day = l.study_day
FROM series_link l
WHERE imaging_series.row_key = l.row_key
