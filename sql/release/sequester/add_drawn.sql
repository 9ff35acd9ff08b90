-- Cases that were drawn.
INSERT INTO harmonize.sequestration
SELECT $project, case_key, side, stratum, basis, $seed, $fraction, $now FROM ({draw})
