-- The calendar day that OMOP shows: anchor + day for offset projects (NULL where no calendar has it), else the date itself;
-- shift is the case's day_shift, 0 unless it was merged into a person that has another time base.
-- on demand
CREATE OR REPLACE TEMP MACRO omop_date(policy, anchor, source_anchor, shift, day, d) AS
    CASE WHEN policy = 'offset' THEN TRY(anchor + coalesce(day, date_diff('day', source_anchor, d))::INTEGER) ELSE d END
    + shift
