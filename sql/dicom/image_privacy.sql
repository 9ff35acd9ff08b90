-- What the headers of this delivery ({series}) say of who may be seen in the pixels of a series.
INSERT INTO harmonize.image_privacy
SELECT $project, SeriesInstanceUID, any_value(nullif(BurnedInAnnotation, '')), any_value(nullif(RecognizableVisualFeatures, '')),
       any_value(nullif(PatientIdentityRemoved, ''))
FROM {series}
WHERE SeriesInstanceUID IS NOT NULL
GROUP BY SeriesInstanceUID
