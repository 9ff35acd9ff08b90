-- What the assignments of a project until a moment come to.
SELECT count(*), coalesce(sha256(string_agg(line, chr(10) ORDER BY line)), '')
FROM (SELECT concat_ws(chr(31), project_id, case_key, side, stratum, seed) AS line
      FROM harmonize.sequestration WHERE project_id = $project AND assigned_at <= $until)
