-- What may be quoted of the texts in which privacy found something: their beginning, without blanks around, in small letters; and
-- the same of short ones, which are looked for as a whole only.
CREATE OR REPLACE TEMP TABLE private_quote AS
SELECT DISTINCT left(lower(trim(value)), 40) AS quote, length(trim(value)) >= 5 AS is_long
FROM private_text WHERE trim(value) <> '';

-- Whether a text of a finding quotes any of them. One that was cut may end within.
CREATE OR REPLACE TEMP MACRO quotes_private(said) AS
    said IS NOT NULL AND NOT starts_with(said, '***')
    AND (length(said) >= 200
         OR EXISTS (FROM private_quote q WHERE q.quote = lower(trim(said)) OR q.is_long AND contains(lower(said), q.quote)))
