-- Dates that cannot be: periods that end before they start, events before birth, long after death, in the future. Of two
-- dates of different precision the shared part is compared; what is no date is the screen's to tell.
CREATE OR REPLACE TEMP TABLE fhir_event AS
WITH told AS (  -- the time that it is about, and the time that it was written
    SELECT scope, file_id, place, resource_type, coalesce(r.subject.reference, r.patient.reference) AS person,
           CASE WHEN r.effectivePeriod IS NOT NULL THEN 'effectivePeriod' WHEN r.performedPeriod IS NOT NULL THEN 'performedPeriod'
                WHEN r.onsetPeriod IS NOT NULL THEN 'onsetPeriod' WHEN r.period IS NOT NULL THEN 'period'
                WHEN r.timingPeriod IS NOT NULL THEN 'timingPeriod' END AS span,
           coalesce(r.effectivePeriod, r.performedPeriod, r.onsetPeriod, r.period, r.timingPeriod) AS period,
           CASE WHEN r.effectiveDateTime IS NOT NULL THEN 'effectiveDateTime'
                WHEN r.performedDateTime IS NOT NULL THEN 'performedDateTime'
                WHEN r.onsetDateTime IS NOT NULL THEN 'onsetDateTime'
                WHEN r.occurrenceDateTime IS NOT NULL THEN 'occurrenceDateTime'
                WHEN r.started IS NOT NULL THEN 'started' WHEN r.birthDate IS NOT NULL THEN 'birthDate' END AS moment,
           coalesce(r.effectiveDateTime, r.performedDateTime, r.onsetDateTime, r.occurrenceDateTime, r.started,
                    r.birthDate) AS happened,
           CASE WHEN r.issued IS NOT NULL THEN 'issued' WHEN r.recordedDate IS NOT NULL THEN 'recordedDate'
                WHEN r.authoredOn IS NOT NULL THEN 'authoredOn' WHEN r.deceasedDateTime IS NOT NULL THEN 'deceasedDateTime'
           END AS note, coalesce(r.issued, r.recordedDate, r.authoredOn, r.deceasedDateTime) AS noted, r.abatementDateTime
    FROM fhir_content
)
SELECT scope, file_id, place, resource_type, person, span AS element, period.start AS start, period."end" AS stop
FROM told WHERE span IS NOT NULL
UNION ALL
SELECT scope, file_id, place, resource_type, person, moment, happened, CASE WHEN moment = 'onsetDateTime' THEN abatementDateTime END
FROM told WHERE moment IS NOT NULL
UNION ALL
SELECT scope, file_id, place, resource_type, person, note, noted, NULL FROM told WHERE note IS NOT NULL;

INSERT INTO fhir_found
WITH more AS (  -- periods of parts, and of what is told beside the event
    SELECT file_id, place, resource_type, unnest([
        {'element': 'abatementPeriod', 'period': r.abatementPeriod}, {'element': 'valuePeriod', 'period': r.valuePeriod},
        {'element': 'context.period', 'period': r.context.period},
        {'element': 'dispenseRequest.validityPeriod', 'period': r.dispenseRequest.validityPeriod},
        {'element': 'collection.collectedPeriod', 'period': r.collection.collectedPeriod}]) AS told
    FROM fhir_content
    WHERE coalesce(r.abatementPeriod, r.valuePeriod, r.context.period, r.dispenseRequest.validityPeriod,
                   r.collection.collectedPeriod) IS NOT NULL
    UNION ALL
    SELECT file_id, place, resource_type,
           {'element': 'location[' || (generate_subscripts(r.location, 1) - 1) || '].period', 'period': unnest(r.location).period}
    FROM fhir_content WHERE len(r.location) > 0
),
span AS (
    SELECT file_id, place, resource_type, element, start, stop FROM fhir_event
    UNION ALL
    SELECT file_id, place, resource_type, told.element, told.period.start, told.period."end" FROM more
)
SELECT 'fhir_end_before_start', file_id, place, resource_type || '.' || element, start || ' to ' || stop, NULL, NULL
FROM span WHERE fhir_is_date(start) AND fhir_is_date(stop) AND fhir_before(stop, start);

INSERT INTO fhir_found
SELECT 'fhir_end_before_start', file_id, place, 'Patient.deceasedDateTime',
       r.birthDate || ' to ' || r.deceasedDateTime, NULL, NULL
FROM fhir_content
WHERE resource_type = 'Patient' AND fhir_is_date(r.birthDate) AND fhir_is_date(r.deceasedDateTime)
  AND fhir_before(r.deceasedDateTime, r.birthDate);

INSERT INTO fhir_found
SELECT 'fhir_future', file_id, place, resource_type || '.' || element, start, NULL, NULL
FROM fhir_event WHERE fhir_is_date(start) AND fhir_before((current_date + 1)::VARCHAR, start);

INSERT INTO fhir_found
SELECT CASE WHEN fhir_before(e.start, l.birth) THEN 'fhir_before_birth' ELSE 'fhir_after_death' END,
       e.file_id, e.place, e.resource_type || '.' || e.element, e.start, NULL, NULL
FROM fhir_event e
JOIN fhir_target t ON t.scope = e.scope AND t.target = e.person
JOIN fhir_life l USING (target_resource)
WHERE fhir_is_date(e.start)
  AND (fhir_before(e.start, l.birth) OR TRY_CAST(left(e.start, 10) AS DATE) > l.death + 60)
