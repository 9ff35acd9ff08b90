-- Ages of the affected persons. Over 89 only that is kept: low 90, no high (45 CFR 164.514(b)(2)(i)(C)).
-- after: person_age.gone
INSERT INTO harmonize.person_age
SELECT person_id, age.precision, CASE WHEN age.low > 90 THEN 90 ELSE age.low END, CASE WHEN age.high < 90 THEN age.high END,
       age.date
FROM person_known
