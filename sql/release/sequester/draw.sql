-- The new persons of a project, drawn: in a stratum of five or more the first of a shuffled order are open, as many as
-- the share says; in a smaller one each by itself. The order is of a hash of seed and case, so that it is the same whenever and in
-- whatever order the cases were loaded. All new cases of a person get one side, drawn for the first of them.
WITH fresh AS (
    SELECT v.*, {stratum} AS stratum
    FROM sequester_value v
    WHERE NOT EXISTS (FROM harmonize.sequestration t WHERE t.project_id = $project AND t.case_key = v.case_key)
),
drawn AS (
    SELECT person, arg_min(stratum, case_key) AS stratum,
           sha256($seed::VARCHAR || chr(31) || $project || chr(31) || min(case_key)) AS shuffled
    FROM fresh GROUP BY person
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY stratum ORDER BY shuffled) AS place, count(*) OVER (PARTITION BY stratum) AS members,
           -- from 0 to 1 in steps of a thousandth, of other digits than those of the order
           round(('0x' || substr(shuffled, 40, 12))::BIGINT / 281474976710656, 3) AS lot
    FROM drawn
)
SELECT f.case_key, p.stratum,
       CASE WHEN p.members < {least} THEN 'small' ELSE 'drawn' END AS basis,
       CASE WHEN CASE WHEN p.members < {least} THEN p.lot > $fraction ELSE p.place <= round(p.members * (1 - $fraction)) END
            THEN 'open' ELSE 'sequestered' END AS side
FROM fresh f
JOIN placed p USING (person)
