-- What FHIRPath asks of dates, decimals and references, over their text in JSON. TEMP, so that nothing is stored.
-- https://hl7.org/fhirpath/N1/ (comparison), https://build.fhir.org/ig/HL7/FHIRPath/ (lowBoundary, highBoundary).

-- Type/id of a literal reference, its server and version aside; NULL for a contained or logical one, for one by UUID,
-- and for one of another type than `kind` (NULL: any).
CREATE OR REPLACE TEMP MACRO fhir_reference_key(reference, kind) AS
  nullif(regexp_extract(reference, '^(?:https?://.*/)?(' || coalesce(kind, '[A-Z][A-Za-z]+')
                        || '/[A-Za-z0-9.-]{1,64})(?:/_history/[A-Za-z0-9.-]+)?$', 1), '');

-- The same of a reference that only its delivery explains: `resolved` has the references in `target`, and what each
-- of them means as Type/id in `key`. (A MAP is much dearer to make.)
CREATE OR REPLACE TEMP MACRO fhir_explained(resolved, reference) AS
  resolved.key[list_position(resolved.target, reference)];
CREATE OR REPLACE TEMP MACRO fhir_resolved_key(resolved, reference, kind) AS
  CASE WHEN kind IS NULL OR starts_with(fhir_explained(resolved, reference), kind || '/')
       THEN fhir_explained(resolved, reference) END;

-- The key of a reference to a resource of a type: what its delivery explains of it counts before what it looks like; one without
-- a literal reference is known by its identifier (Patient?identifier=system|value), if it says no other type.
CREATE OR REPLACE TEMP MACRO fhir_meant_key(resolved, reference, kind, type, system, value) AS
  CASE WHEN reference IS NULL AND (type IS NULL OR type = kind OR ends_with(type, '/' || kind))
       THEN fhir_explained(resolved, kind || '?identifier=' || coalesce(system, '') || '|' || value)
       WHEN reference IS NULL THEN NULL
       WHEN fhir_explained(resolved, reference) IS NOT NULL THEN fhir_resolved_key(resolved, reference, kind)
       ELSE fhir_reference_key(reference, kind) END;

-- A CodeableConcept with what mappings read of it, and nothing else: no extension, and no element of an unknown name. One that
-- is so stays as it is written.
CREATE OR REPLACE TEMP MACRO fhir_concept(x) AS
  CASE WHEN regexp_full_match(x,
              '\{(?:(?:"text":"(?:[^"\\]|\\.)*"|"coding":\[(?:\{(?:(?:"(?:system|code|display)":"(?:[^"\\]|\\.)*"|"userSelected":(?:true|false)),?)+\},?)+\]),?)+\}')
       THEN x
       ELSE CAST(to_json(from_json(x, '{"coding": [{"system": "VARCHAR", "code": "VARCHAR", "display": "VARCHAR",
                                        "userSelected": "VARCHAR"}], "text": "VARCHAR"}')) AS VARCHAR) END;

-- The numbers of JSON; NULL for what a bare cast takes as well (nan, inf, 1_000, 0x10).
CREATE OR REPLACE TEMP MACRO fhir_integer(x) AS
  CASE WHEN regexp_full_match(x, '-?[0-9]+') THEN TRY_CAST(x AS BIGINT) END;
CREATE OR REPLACE TEMP MACRO fhir_decimal(x) AS
  CASE WHEN regexp_full_match(x, '-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?') THEN TRY_CAST(x AS DOUBLE) END;

-- A date, dateTime or instant without its zone, and the zone.
CREATE OR REPLACE TEMP MACRO fhir_local(x) AS regexp_replace(x, '(T.*)(Z|[+-][0-9][0-9]:[0-9][0-9])$', '\1');
CREATE OR REPLACE TEMP MACRO fhir_zone(x) AS regexp_extract(x, 'T.*(Z|[+-][0-9][0-9]:[0-9][0-9])$', 1);

-- -1, 0 or 1 as the text a comes before b, is it, or comes after; NULL where they agree as far as the less exact
-- one goes. Fractions of a second are no precision of their own.
CREATE OR REPLACE TEMP MACRO fhir_compare_local(a, b) AS
  CASE WHEN left(a, least(length(a), length(b))) < left(b, least(length(a), length(b))) THEN -1
       WHEN left(a, least(length(a), length(b))) > left(b, least(length(a), length(b))) THEN 1
       WHEN rtrim(rtrim(regexp_extract(a, '^.*:[0-9][0-9]:[0-9][0-9](\.[0-9]+)$', 1), '0'), '.')
          = rtrim(rtrim(regexp_extract(b, '^.*:[0-9][0-9]:[0-9][0-9](\.[0-9]+)$', 1), '0'), '.')
        AND regexp_replace(a, '\.[0-9]+$', '') = regexp_replace(b, '\.[0-9]+$', '') THEN 0
       WHEN contains(a, ':') AND regexp_matches(a, ':[0-9][0-9]:[0-9][0-9]') AND regexp_matches(b, ':[0-9][0-9]:[0-9][0-9]')
       THEN CASE WHEN length(a) < length(b) THEN -1 ELSE 1 END END;

-- The same of two dates, dateTimes or instants: at one moment where both have a zone.
CREATE OR REPLACE TEMP MACRO fhir_compare(a, b) AS
  CASE WHEN fhir_zone(a) <> '' AND fhir_zone(b) <> '' AND fhir_zone(a) <> fhir_zone(b)
       THEN CAST(sign(epoch_us(TRY_CAST(a AS TIMESTAMPTZ)) - epoch_us(TRY_CAST(b AS TIMESTAMPTZ))) AS INTEGER)
       ELSE fhir_compare_local(fhir_local(a), fhir_local(b)) END;

-- The power of ten of a decimal's last digit as written: -1 for 1.0, -7 for 1e-07.
CREATE OR REPLACE TEMP MACRO fhir_last_digit(x) AS
  coalesce(TRY_CAST(nullif(regexp_extract(x, '[eE]([+-]?[0-9]+)$', 1), '') AS BIGINT), 0)
  - length(regexp_extract(x, '\.([0-9]+)', 1));

-- The least and the greatest value that a decimal as written may stand for: 1.0 for 0.95 to 1.05. Half of its last
-- digit is added to its digits as a whole number, since a sum of DOUBLEs would not be the nearest to the boundary.
CREATE OR REPLACE TEMP MACRO fhir_decimal_boundary(x, direction) AS
  CASE WHEN regexp_full_match(x, '-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?')
       THEN TRY_CAST(TRY(CAST(replace(regexp_extract(x, '^[^eE]+'), '.', '') AS HUGEINT) * 10 + direction * 5)
                     || 'e' || (fhir_last_digit(x) - 1) AS DOUBLE) END;

-- The first and the last day that a date may stand for.
CREATE OR REPLACE TEMP MACRO fhir_date_low(x) AS
  CASE length(x) WHEN 4 THEN x || '-01-01' WHEN 7 THEN x || '-01' ELSE x END;
CREATE OR REPLACE TEMP MACRO fhir_date_high(x) AS
  CASE length(x) WHEN 4 THEN x || '-12-31'
                 WHEN 7 THEN strftime(last_day(TRY_CAST(x || '-01' AS DATE)), '%Y-%m-%d') ELSE x END;

-- The first and the last millisecond that a time of day may stand for.
CREATE OR REPLACE TEMP MACRO fhir_time_low(x) AS
  CASE WHEN contains(x, '.') THEN rpad(x, CAST(greatest(length(x), 12) AS INTEGER), '0')
       ELSE x || right('00:00:00.000', 12 - length(x)) END;
CREATE OR REPLACE TEMP MACRO fhir_time_high(x) AS
  CASE WHEN contains(x, '.') THEN rpad(x, CAST(greatest(length(x), 12) AS INTEGER), '9')
       ELSE x || right('23:59:59.999', 12 - length(x)) END;

-- The first and the last millisecond that a dateTime may stand for: without a zone, of all zones on earth.
CREATE OR REPLACE TEMP MACRO fhir_datetime_low(x) AS
  fhir_date_low(split_part(fhir_local(x), 'T', 1)) || 'T' || fhir_time_low(split_part(fhir_local(x), 'T', 2))
  || coalesce(nullif(fhir_zone(x), ''), '+14:00');
CREATE OR REPLACE TEMP MACRO fhir_datetime_high(x) AS
  fhir_date_high(split_part(fhir_local(x), 'T', 1)) || 'T' || fhir_time_high(split_part(fhir_local(x), 'T', 2))
  || coalesce(nullif(fhir_zone(x), ''), '-12:00');
