-- Whether images and procedures or studies of the store have accession numbers.
SELECT EXISTS (FROM midrc.imaging_series WHERE accession_hash IS NOT NULL)
       OR EXISTS (FROM midrc.imaging_study WHERE accession_hash IS NOT NULL)
