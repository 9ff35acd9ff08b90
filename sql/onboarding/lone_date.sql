-- Dates in columns of which most cells are none: what stands there is about one cell, and no value of the column.
UPDATE profile_value SET private = true
WHERE file_id = {file_id} AND regexp_matches(value, {pattern})
  AND column_id IN (SELECT column_id FROM profile_value WHERE file_id = {file_id}
                    GROUP BY column_id HAVING sum(n) FILTER (regexp_matches(value, {pattern})) < sum(n) / 2)
