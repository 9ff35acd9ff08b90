-- Pairs of cases that are one person: those of the crosswalk, cases of several projects with the same token, images that a
--   clinical record names by StudyInstanceUID or accession number, and cases of which one replaces the other. days moves
--   the second case's dates to the first's; NULL where the two share no time base, so that they stay two persons.
-- when: pair
CREATE OR REPLACE TEMP TABLE case_pair AS
WITH token AS (
    SELECT DISTINCT token_record_id, project_id, case_key FROM midrc."case" WHERE token_record_id IS NOT NULL
),
first_case AS (
    SELECT token_record_id, min((project_id, case_key)) AS first
    FROM token GROUP BY token_record_id HAVING count(DISTINCT project_id) > 1
),
stated AS (
    SELECT project_id_1, case_key_1, project_id_2, case_key_2, day_difference, same_time_base, basis FROM harmonize.crosswalk
    UNION ALL BY NAME
    -- what the crosswalk says of a pair counts before its token
    SELECT first[1] AS project_id_1, first[2] AS case_key_1, project_id AS project_id_2, case_key AS case_key_2,
           'token' AS basis
    FROM first_case JOIN token USING (token_record_id)
    WHERE (project_id, case_key) <> first AND NOT EXISTS (
        FROM harmonize.crosswalk c WHERE c.project_id_1 = first[1] AND c.case_key_1 = first[2]
        AND c.project_id_2 = token.project_id AND c.case_key_2 = token.case_key)
    UNION ALL BY NAME
    SELECT project_id AS project_id_1, least(image_case, clinical_case) AS case_key_1,
           project_id AS project_id_2, greatest(image_case, clinical_case) AS case_key_2, basis
    FROM (SELECT project_id, image_case, clinical_case, basis FROM study_pair
          UNION SELECT project_id, least(case_key, surviving_key), greatest(case_key, surviving_key), 'replaced' FROM replaced_case) s
    WHERE NOT EXISTS (
        FROM harmonize.crosswalk c WHERE c.project_id_1 = s.project_id AND c.project_id_2 = s.project_id
        AND c.case_key_1 = least(s.image_case, s.clinical_case) AND c.case_key_2 = greatest(s.image_case, s.clinical_case))
),
project AS (
    SELECT project_id, time_policy,
           coalesce(time_policy, 'as_is') = 'as_is' AND shifted_by_source IS NOT TRUE AS is_calendar
    FROM harmonize.project
)
SELECT s.project_id_1, s.case_key_1, s.project_id_2, s.case_key_2, s.basis,
       CASE WHEN s.day_difference IS NOT NULL THEN s.day_difference
            WHEN s.same_time_base IS NOT NULL THEN CASE WHEN s.same_time_base THEN 0 END
            WHEN one.project_id = two.project_id
                 AND (one.time_policy IS DISTINCT FROM 'shifted' OR coalesce(c.shift_case, s.case_key_1) = coalesce(d.shift_case, s.case_key_2)) THEN 0
            WHEN one.is_calendar AND two.is_calendar THEN 0 END AS days
FROM stated s
LEFT JOIN project one ON one.project_id = s.project_id_1
LEFT JOIN project two ON two.project_id = s.project_id_2
-- cases of a shifted project whose dates are moved by the same days
LEFT JOIN harmonize.shift_case c ON c.project_id = s.project_id_1 AND c.case_key = s.case_key_1
LEFT JOIN harmonize.shift_case d ON d.project_id = s.project_id_2 AND d.case_key = s.case_key_2
