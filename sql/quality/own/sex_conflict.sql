-- Persons of another sex than one of their cases says.
SELECT c.project_id AS site,
       count(DISTINCT p.person_id) FILTER (WHERE g.concept_code <> h.told) AS violated,
       count(DISTINCT p.person_id) AS denominator, NULL AS note
FROM omop.person p
JOIN quality_case c ON c.person_id = p.person_id
JOIN (
    SELECT project_id, case_key, CASE WHEN sex = 'Female' OR gender_coding = 'Gender:F' THEN 'F'
                                      WHEN sex = 'Male' OR gender_coding = 'Gender:M' THEN 'M' END AS told
    FROM midrc."case"
) h ON h.project_id = c.project_id AND h.case_key = c.case_key AND h.told IS NOT NULL
JOIN omop.concept g ON g.concept_id = p.gender_concept_id AND g.vocabulary_id = 'Gender'
GROUP BY c.project_id
