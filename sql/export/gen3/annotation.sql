-- Annotations. One that answers no question of the dictionary says nothing there: what is left of it (who, how, where) stays.
SELECT 'annotation' AS node, * REPLACE (
           CASE WHEN told THEN annotation_method END AS annotation_method, CASE WHEN told THEN annotator_id END AS annotator_id,
           CASE WHEN told THEN instance_uids END AS instance_uids)
FROM (SELECT *, coalesce(class_covid19_pneumonia::VARCHAR, airspace_disease_grading::VARCHAR, midrc_mRALE_score::VARCHAR,
                         sift_image_quality_index::VARCHAR) IS NOT NULL AS told
      FROM midrc.annotation)
