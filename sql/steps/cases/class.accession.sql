-- accession: where images or studies of the store have accession numbers.
-- when: pair
-- tells: accession
SELECT 'accession'
WHERE EXISTS (FROM midrc.imaging_series WHERE accession_hash IS NOT NULL)
   OR EXISTS (FROM midrc.imaging_study WHERE accession_hash IS NOT NULL)
