-- Series, each at the node of its modality; a modality without a node gives node NULL. A series names its study by the
-- study's submitter_id, which is the StudyInstanceUID where the study was made from its series.
SELECT CASE WHEN list_contains(['CR', 'CT', 'DX', 'MG', 'MR', 'NM', 'PT', 'RF', 'US', 'XA'], coalesce(data_category, upper(modality)))
            THEN lower(coalesce(data_category, modality)) || '_series_file' END AS node,
       * REPLACE (coalesce(data_category, upper(modality)) AS data_category, coalesce(imaging_studies, study_uid) AS imaging_studies),
       instance_count AS number_of_instances
FROM midrc.imaging_series
