-- Records of the loads that stand which were refused (quarantined).
SELECT b.project_id AS site, sum(f.quarantined)::BIGINT AS violated, sum(f.records)::BIGINT AS denominator, NULL AS note
FROM harmonize.source_file f JOIN harmonize.submission b USING (submission_id)
WHERE b.state = 'loaded'
GROUP BY b.project_id
