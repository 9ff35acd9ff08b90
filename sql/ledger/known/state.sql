-- What the checks of a delivery depend on in a store, in one text: vocabularies, what people of the project are called, the
-- project's settings, its current records by state, cases that are joined or withdrawn.
SELECT concat_ws(
    chr(30),
    (SELECT string_agg(concat_ws(',', layer, version, concepts, loaded_at), ';' ORDER BY loaded_at, layer) FROM harmonize.vocabulary_load),
    (SELECT concat_ws(',', count(*), bit_xor(hash(kind, token_hash))) FROM harmonize.identity_token WHERE project_id = $project),
    (SELECT p::VARCHAR FROM harmonize.project p WHERE project_id = $project),
    (SELECT string_agg(n::VARCHAR, ';' ORDER BY n::VARCHAR) FROM harmonize.needs_reload n WHERE project_id = $project),
    (SELECT string_agg(concat_ws(',', state, n, last), ';' ORDER BY state)
     FROM (SELECT r.state, count(*) AS n, max(r.record_id) AS last
           FROM harmonize.record r JOIN harmonize.submission s USING (submission_id)
           WHERE s.project_id = $project AND r.is_current
           GROUP BY ALL)),
    (SELECT concat_ws(',', count(*), bit_xor(hash(c::VARCHAR))) FROM harmonize.crosswalk c),
    (SELECT concat_ws(',', count(*), bit_xor(hash(c::VARCHAR))) FROM harmonize.withdrawn_case c)
)
