-- Check digits, each over all digits of a code, its own included: 0 where it is right.

-- Verhoeff, as the SNOMED CT technical guide gives it for SCTIDs.
CREATE OR REPLACE TEMP MACRO verhoeff(code) AS
  list_reduce(
    list_prepend(0, list_transform(range(len(code)), lambda place: substr(
      substr('01234567891576283094580379614289160435279453126870428657390127938064157046913258', 10 * (place % 8) + 1, 10),
      coalesce(TRY_CAST(substr(code, len(code) - place, 1) AS INTEGER), 0) + 1, 1)::INTEGER)),
    lambda checked, digit: substr(
      substr('0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210',
             10 * checked + 1, 10), digit + 1, 1)::INTEGER);

-- Every other digit doubled, from the right, the sums of their digits added (LOINC Users' Guide, appendix C).
CREATE OR REPLACE TEMP MACRO mod10(number, check_digit) AS
  (list_sum(list_transform(range(len(number)), lambda place:
     CASE WHEN place % 2 = 1 THEN TRY_CAST(substr(number, len(number) - place, 1) AS INTEGER)
          ELSE (2 * TRY_CAST(substr(number, len(number) - place, 1) AS INTEGER)) // 10
             + (2 * TRY_CAST(substr(number, len(number) - place, 1) AS INTEGER)) % 10 END)) + TRY_CAST(check_digit AS INTEGER)) % 10;
