-- Cases that are one person and say different things of its sex, race or birth, noted at the case that was overruled.
--   Years of birth conflict when the spans that the ages allow lie more than a year apart.
-- when: merge_conflict
-- after: finding.cleared
INSERT INTO harmonize.finding
WITH member AS (
    SELECT b.*, k.person_id, k.gender AS kept_gender, k.race AS kept_race, k.age AS kept_age,
           CASE WHEN precision = 'band' THEN year(reference_date) - age_high - 1
                WHEN precision IN ('birth_date', 'birth_year') THEN best_year
                WHEN precision <> 'gt89' THEN best_year - 1 END AS born_from,
           CASE WHEN precision = 'band' THEN year(reference_date) - age_low ELSE best_year END AS born_to
    FROM person_best b
    JOIN person_of_case c USING (project_id, case_key)
    JOIN person_known k USING (person_id)
    WHERE k.cases > 1
),
conflict AS (
    SELECT record_id, project_id, case_key,
           'sex ' || coalesce(gender_text, gender) || ', kept ' || coalesce(kept_gender.text, kept_gender.coding) AS what
    FROM member
    WHERE gender IN ('Gender:M', 'Gender:F') AND kept_gender.coding IN ('Gender:M', 'Gender:F') AND gender <> kept_gender.coding
    UNION ALL
    SELECT record_id, project_id, case_key, 'race ' || coalesce(race_source, race_coding) || ', kept '
           || coalesce(kept_race.text, kept_race.coding)
    FROM member WHERE race_coding <> kept_race.coding
    UNION ALL
    SELECT m.record_id, m.project_id, m.case_key, 'birth about ' || m.born_to || ', kept ' || m.kept_age.year
    FROM member m
    JOIN member k ON k.person_id = m.person_id AND k.project_id = m.kept_age.project_id AND k.case_key = m.kept_age.case_key
    WHERE m.born_to < k.born_from - 1 OR m.born_from > k.born_to + 1
)
SELECT c.submission_id, r.rule_id, c.file_id, c.line, NULL, 'case ' || f.case_key || ': ' || f.what
FROM conflict f
JOIN harmonize.record c USING (record_id)
JOIN harmonize.rule r ON r.rule = 'merge_conflict'
