-- harmonize.covid_test for analysts.
CREATE VIEW linked.covid_test AS
SELECT t.person_id, p.project_id, p.site_id, t.measurement_id, t.test_date, t.test_datetime, p.dates, t.test_name, t.source_value, t.result
FROM harmonize.covid_test t
LEFT JOIN harmonize.person_place p ON p.person_id = t.person_id;

COMMENT ON VIEW linked.covid_test IS 'One row a COVID-19 test (virus, not antibodies) with a result: when it was and what it found.';
COMMENT ON COLUMN linked.covid_test.person_id IS 'The person in omop.person.';
COMMENT ON COLUMN linked.covid_test.project_id IS 'Project of the person; of one who is of several that whose key the person has (harmonize.person_case names all).';
COMMENT ON COLUMN linked.covid_test.site_id IS 'The site that sent the case, as the hub has it (midrc.case.site_id); NULL where it is not told.';
COMMENT ON COLUMN linked.covid_test.measurement_id IS 'The test in omop.measurement.';
COMMENT ON COLUMN linked.covid_test.test_date IS 'Day of the test.';
COMMENT ON COLUMN linked.covid_test.test_datetime IS 'Time of the test, where it is known.';
COMMENT ON COLUMN linked.covid_test.dates IS 'Whose days these are: real (the calendar''s), shifted (moved by us for each person), offset (counted from an index event), shifted_by_source (moved before they were sent).';
COMMENT ON COLUMN linked.covid_test.test_name IS 'Name of the standard concept, else of the source''s.';
COMMENT ON COLUMN linked.covid_test.source_value IS 'What the source calls the test.';
COMMENT ON COLUMN linked.covid_test.result IS 'Positive, Negative, or Indeterminate for every other result.';
