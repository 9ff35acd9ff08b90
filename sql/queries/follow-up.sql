-- title: How long are persons followed after their first image?
-- asked_by: Statisticians who plan analyses of outcome.
-- parameter: project text; only this project
-- parameter: days integer = 90; persons followed at least so many days are counted apart
-- column: project_id; the project
-- column: persons; persons with an imaging study
-- column: followed; of them with a clinical event or study after the day of the first study
-- column: median_days; median of the days from the first study to the last event or study
-- column: longest_days; the most
-- column: followed_long; persons followed at least the days asked for
-- column: deaths; persons who died
-- needs: images
-- note: Events whose day was taken from something else do not count, deaths and readings of images neither.
WITH first_study AS (
    SELECT project_id, person_id, min(clinical_date) AS day, max(clinical_date) AS last_day
    FROM linked.imaging_timeline
    WHERE project_id = coalesce($project, project_id)
    GROUP BY project_id, person_id
),
-- a stay ends on a day that its own end tells
event AS (
    SELECT e.person_id,
           max(CASE WHEN e.omop_table = 'visit_occurrence' THEN coalesce(e.end_date, e.start_date) ELSE e.start_date END) AS day
    FROM linked.event e
    ANTI JOIN (SELECT omop_table::VARCHAR AS omop_table, omop_id FROM harmonize.imputation) i
        ON i.omop_table = e.omop_table AND i.omop_id = e.omop_id
    WHERE e.omop_table NOT IN ('death', 'note', 'observation', 'procedure_occurrence')
    GROUP BY e.person_id
),
followed AS (
    SELECT f.project_id, f.person_id, greatest(f.last_day, e.day, f.day) - f.day AS days
    FROM first_study f
    LEFT JOIN event e ON e.person_id = f.person_id
)
SELECT f.project_id, count(*) AS persons, count(*) FILTER (f.days > 0) AS followed, median(f.days) AS median_days,
       max(f.days) AS longest_days, count(*) FILTER (f.days >= $days) AS followed_long, count(p.death_date) AS deaths
FROM followed f
LEFT JOIN linked.person_summary p ON p.person_id = f.person_id
GROUP BY f.project_id
ORDER BY f.project_id
