-- harmonize.covid_test for analysts.
CREATE VIEW linked.covid_test AS
SELECT person_id, measurement_id, test_date, test_datetime, test_name, source_value, result
FROM harmonize.covid_test;

COMMENT ON VIEW linked.covid_test IS 'One row a COVID-19 test (virus, not antibodies) with a result: when it was and what it found.';
COMMENT ON COLUMN linked.covid_test.test_name IS 'Name of the standard concept, else of the source''s.';
COMMENT ON COLUMN linked.covid_test.result IS 'Positive, Negative, or Indeterminate for every other result.';
