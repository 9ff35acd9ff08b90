-- Annotations. One that answers no question of the dictionary says nothing there, unless a batch sent it so: what is left of
-- others (who, how, where) stays.
SELECT 'annotation' AS node, * REPLACE (
           CASE WHEN told THEN annotation_method END AS annotation_method, CASE WHEN told THEN annotator_id END AS annotator_id,
           CASE WHEN told THEN instance_uids END AS instance_uids)
FROM (SELECT a.*, coalesce(class_covid19_pneumonia::VARCHAR, airspace_disease_grading::VARCHAR, midrc_mRALE_score::VARCHAR,
                           sift_image_quality_index::VARCHAR, e.record_key) IS NOT NULL AS told
      FROM midrc.annotation a
      LEFT JOIN (SELECT r.record_id, r.record_key FROM harmonize.record r JOIN harmonize.submission s USING (submission_id)
                 WHERE s.source = 'gen3') e ON e.record_id = a.record_id AND e.record_key = a.submitter_id)
