-- Of rows that both have under one key ({key}) and that differ: how many, and how many of them in a concept, in a date or time, in
-- a value, in whose they are, in nothing of that. One row may differ in several.
SELECT count(*), count_if(recoded), count_if(redated), count_if(revalued), count_if(moved),
       count_if(NOT (recoded OR redated OR revalued OR moved))
FROM (SELECT {recoded} AS recoded, {redated} AS redated, {revalued} AS revalued, {moved} AS moved
      FROM only_in_a a JOIN only_in_b b USING ({key}))
