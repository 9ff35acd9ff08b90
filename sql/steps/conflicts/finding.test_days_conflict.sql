-- A finding for every record of a study that states other days to COVID-19 tests than the loaded tests give.
-- when: test_days_conflict
-- after: finding.cleared
INSERT INTO harmonize.finding
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL::INTEGER,
       d.name || ' is ' || array_to_string(d.stated, ',') || ', by the tests ' || array_to_string(d.told, ',')
FROM (
    SELECT i.record_id, unnest([
               {'name': 'days_from_study_to_pos_covid_test', 'stated': i.days_from_study_to_pos_covid_test, 'told': t.pos},
               {'name': 'days_from_study_to_neg_covid_test', 'stated': i.days_from_study_to_neg_covid_test, 'told': t.neg}]) AS d
    FROM study_test_day t
    JOIN affected_case a ON a.project_id = t.project_id AND a.person_id = t.person_id
    JOIN midrc.imaging_study i
      ON i.project_id = a.project_id AND i.case_key = a.case_key AND coalesce(i.study_uid, i.submitter_id) = t.study_uid
    WHERE i.mapping_id <> 0
)
JOIN harmonize.record c USING (record_id)
JOIN harmonize.rule r ON r.rule = 'test_days_conflict'
WHERE d.told IS NOT NULL AND list_sort(list_distinct(d.stated), 'DESC') <> d.told
