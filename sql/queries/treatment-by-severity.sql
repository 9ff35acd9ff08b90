-- title: Which drugs did persons get, by how ill they were?
-- asked_by: Clinicians and pharmacologists.
-- parameter: project text; only this project
-- parameter: persons integer = 1; fewest persons who got the drug
-- parameter: imaged boolean = false; only persons with an imaging study
-- column: severity; died, ventilated, intensive care, inpatient or other: the worst that is recorded
-- column: persons; persons of this severity
-- column: drug; the drug, as its concept or the source calls it; else `not named`
-- column: treated; of them got it
-- column: percent_treated; the same in percent
-- needs: drugs
-- note: Severity is the worst at any time; a drug may have come before or after it.
WITH ill AS (
    SELECT p.person_id,
           CASE WHEN p.death_date IS NOT NULL THEN 'died'
                WHEN v.person_id IS NOT NULL THEN 'ventilated'
                WHEN i.person_id IS NOT NULL THEN 'intensive care'
                WHEN h.person_id IS NOT NULL THEN 'inpatient'
                ELSE 'other' END AS severity
    FROM linked.person_summary p
    SEMI JOIN harmonize.person_case c ON c.person_id = p.person_id AND c.project_id = coalesce($project, c.project_id)
    LEFT JOIN (SELECT DISTINCT o.person_id FROM omop.procedure_occurrence o
               JOIN omop.concept n ON n.concept_id = o.procedure_concept_id AND n.vocabulary_id = 'SNOMED' AND n.concept_code = '40617009'
               UNION
               SELECT k.person_id FROM midrc."case" f
               JOIN harmonize.person_case k ON k.project_id = f.project_id AND k.case_key = f.case_key
               WHERE f.ventilator_indicator) v ON v.person_id = p.person_id
    LEFT JOIN (SELECT DISTINCT d.person_id FROM omop.visit_detail d
               JOIN omop.concept n
                   ON n.concept_id = d.visit_detail_concept_id AND n.vocabulary_id = 'Visit' AND n.concept_code = 'OMOP4822460'
               UNION
               SELECT k.person_id FROM midrc."case" f
               JOIN harmonize.person_case k ON k.project_id = f.project_id AND k.case_key = f.case_key
               WHERE f.icu_indicator) i ON i.person_id = p.person_id
    LEFT JOIN (SELECT DISTINCT o.person_id FROM omop.visit_occurrence o
               JOIN omop.concept n ON n.concept_id = o.visit_concept_id AND n.vocabulary_id = 'Visit' AND n.concept_code IN ('IP', 'ERIP')
              ) h ON h.person_id = p.person_id
    WHERE p.studies > 0 OR NOT $imaged
),
size AS (
    SELECT severity, count(*) AS persons FROM ill GROUP BY severity
),
got AS (
    SELECT DISTINCT i.severity, i.person_id, coalesce(n.concept_name, d.drug_source_value, 'not named') AS drug
    FROM ill i
    JOIN omop.drug_exposure d ON d.person_id = i.person_id
    LEFT JOIN omop.concept n ON n.concept_id = nullif(d.drug_concept_id, 0)
)
SELECT s.severity, s.persons, g.drug, count(*) AS treated, round(100.0 * count(*) / s.persons, 1) AS percent_treated
FROM got g
JOIN size s ON s.severity = g.severity
GROUP BY s.severity, s.persons, g.drug
HAVING count(*) >= $persons
ORDER BY list_position(['died', 'ventilated', 'intensive care', 'inpatient', 'other'], s.severity), treated DESC, g.drug
