-- What the strata are made of, of each case of a project ($project): a case without a value is Not Reported. A patient with images
-- of several modalities is of the one that most patients have; only {modalities} count.
CREATE OR REPLACE TEMP TABLE sequester_value AS
WITH imaged AS (
    SELECT case_key, upper(unnest(study_modality)) AS modality FROM midrc.imaging_study WHERE project_id = $project
    UNION
    SELECT case_key, upper(modality) FROM midrc.imaging_series WHERE project_id = $project
),
commonest AS (
    SELECT i.modality, row_number() OVER (ORDER BY count(DISTINCT c.person) DESC, i.modality) AS place
    FROM imaged i
    JOIN sequester_person c ON c.project_id = $project AND c.case_key = i.case_key
    WHERE i.modality IN ({modalities})
    GROUP BY i.modality
),
modality AS (
    SELECT case_key, arg_min(c.modality, c.place) AS modality, true AS has_images
    FROM imaged i LEFT JOIN commonest c USING (modality)
    GROUP BY case_key
),
tested AS (
    SELECT DISTINCT person_id FROM harmonize.covid_test WHERE result = 'Positive'
),
told AS (
    SELECT p.case_key, p.person, k.site_id, k.care_site_key, m.modality, m.has_images,
           coalesce(k.covid19_positive, CASE WHEN t.person_id IS NOT NULL THEN 'Yes' END) AS covid19_positive,
           CASE WHEN k.age_at_index_gt89 = 'Yes' THEN 90 ELSE coalesce(k.age_at_index, k.age_value, a.low) END AS age,
           coalesce(k.race, k.race_coding, k.race_source) AS race,
           coalesce(k.sex, k.gender_coding, k.sex_source) AS sex,
           coalesce(k.ethnicity, k.ethnicity_coding, k.ethnicity_source) AS ethnicity
    FROM sequester_person p
    LEFT JOIN midrc."case" k ON k.project_id = p.project_id AND k.case_key = p.case_key
    LEFT JOIN modality m ON m.case_key = p.case_key
    LEFT JOIN tested t ON t.person_id = p.person_id
    LEFT JOIN harmonize.person_age a ON a.person_id = p.person_id
    WHERE p.project_id = $project
)
SELECT case_key, person,
       coalesce(site_id, care_site_key, 'Not Reported') AS site,
       CASE WHEN modality IS NOT NULL THEN modality WHEN has_images THEN 'other' ELSE 'no images' END AS modality,
       coalesce(nullif(trim(covid19_positive), ''), 'Not Reported') AS covid19_positive,
       CASE WHEN age IS NULL THEN 'Not Reported' WHEN age < 18 THEN '0-17' WHEN age < 30 THEN '18-29' WHEN age < 40 THEN '30-39'
            WHEN age < 50 THEN '40-49' WHEN age < 65 THEN '50-64' WHEN age < 75 THEN '65-74' WHEN age < 85 THEN '75-84'
            ELSE '85+' END AS age_group,
       coalesce(nullif(trim(race), ''), 'Not Reported') AS race,
       coalesce(nullif(trim(sex), ''), 'Not Reported') AS sex,
       coalesce(nullif(trim(ethnicity), ''), 'Not Reported') AS ethnicity
FROM told
