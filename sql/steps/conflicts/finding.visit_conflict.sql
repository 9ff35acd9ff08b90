-- Lines that name one visit and differ in its class or its start, noted at the latest of the records.
-- when: visit_conflict
-- after: finding.cleared
INSERT INTO harmonize.finding
WITH visit AS (
    SELECT max(v.record_id) AS record_id, v.visit_key,
           list(DISTINCT coalesce(v.text, v.coding) ORDER BY coalesce(v.text, v.coding))
               FILTER (coalesce(v.text, v.coding) IS NOT NULL) AS classes,
           count(DISTINCT v.coding) AS codings,
           list(DISTINCT s.start_date ORDER BY s.start_date) FILTER (s.start_date IS NOT NULL) AS starts
    FROM midrc.visit v
    JOIN affected_case a USING (project_id, case_key),
    LATERAL (SELECT omop_date(a.time_policy, a.anchor, a.source_anchor, a.day_shift,
                              coalesce(v.start_day, v.days_to_hospital_admission),
                              coalesce(v.start_date, v.start_datetime::DATE)) AS start_date) s
    WHERE a.person_id IS NOT NULL AND v.visit_key IS NOT NULL
    GROUP BY v.project_id, v.case_key, v.visit_key
    HAVING count(*) > 1
)
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL,
       left('visit ' || visit_key || ': '
            || concat_ws('; ', CASE WHEN codings > 1 THEN 'class ' || array_to_string(classes, ', ') END,
                         CASE WHEN len(starts) > 1 THEN 'start ' || array_to_string(starts, ', ') END), 200)
FROM visit
JOIN harmonize.record c USING (record_id)
JOIN harmonize.rule r ON r.rule = 'visit_conflict'
WHERE codings > 1 OR len(starts) > 1
