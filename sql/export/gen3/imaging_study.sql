-- Studies, those made from their series included.
SELECT 'imaging_study' AS node, * FROM midrc.imaging_study
