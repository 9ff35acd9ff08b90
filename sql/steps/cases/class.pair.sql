-- pair: where anything in the store may say that two cases are one person: a crosswalk, tokens, images, what replaces another.
-- tells: pair
SELECT 'pair'
FROM (SELECT 1 FROM harmonize.crosswalk
      UNION ALL SELECT 1 FROM midrc."case" WHERE token_record_id IS NOT NULL
      UNION ALL SELECT 1 FROM midrc.imaging_series
      UNION ALL SELECT 1 FROM midrc.imaging_study
      UNION ALL SELECT 1 FROM midrc.fact_link WHERE relation = 'replaces')
LIMIT 1
