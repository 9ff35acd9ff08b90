-- Whether anything in the store may say that two cases are one person: a crosswalk, tokens, images.
SELECT EXISTS (FROM harmonize.crosswalk)
    OR EXISTS (FROM midrc."case" WHERE token_record_id IS NOT NULL)
    OR EXISTS (FROM midrc.imaging_series)
    OR EXISTS (FROM midrc.imaging_study)
