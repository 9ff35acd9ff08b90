-- A row where anything in the store may say that two cases are one person: a crosswalk, tokens, images.
SELECT 1
FROM (SELECT 1 FROM harmonize.crosswalk
      UNION ALL SELECT 1 FROM midrc."case" WHERE token_record_id IS NOT NULL
      UNION ALL SELECT 1 FROM midrc.imaging_series
      UNION ALL SELECT 1 FROM midrc.imaging_study)
LIMIT 1
