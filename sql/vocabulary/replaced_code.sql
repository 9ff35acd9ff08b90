-- The codings of coding_target whose concept is retired and replaced, and by what, in the order of the codings.
SELECT coding, source_name, string_agg(target_code, ' and ' ORDER BY target_rank) AS target
FROM coding_target
WHERE is_successor AND source_concept_id <> 0
GROUP BY ALL
ORDER BY coding
