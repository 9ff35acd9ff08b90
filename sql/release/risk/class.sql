-- Persons who cannot be told apart by what is known of them ({known}), and how many different answers ({sensitive}) they have.
CREATE OR REPLACE TEMP TABLE risk_class AS
SELECT [{known}] AS known, count(*) AS persons, count(DISTINCT {sensitive}) AS answers
FROM risk_person
GROUP BY 1
