-- What is wrong with the series of this delivery ({series} its file, {table} the table), and with the files that give none
-- ({file}, {others}): dicom_found(file_id, line, rule, column_name, value). {modalities} are DICOM's.
CREATE OR REPLACE TEMP TABLE dicom_found AS
WITH emptied AS (
    SELECT line_, unnest(told) AS path FROM dicom_series
), study AS (
    SELECT StudyInstanceUID, count(DISTINCT PatientID) AS patients FROM {table} GROUP BY ALL HAVING patients > 1
), shared AS (
    SELECT SeriesInstanceUID, count(*) AS owners FROM {table} GROUP BY ALL HAVING owners > 1
)
SELECT {series} AS file_id, e.line_ AS line, CASE p.tell WHEN 'error' THEN 'header_identity' ELSE 'header_profile' END AS rule,
       e.path AS column_name, '***' AS value
FROM emptied e JOIN dicom_profile p ON p.keyword = split_part(e.path, '.', -1)
UNION ALL
SELECT {series}, line_, 'private_elements', NULL, private_elements::VARCHAR FROM dicom_series WHERE private_elements > 0
UNION ALL
SELECT {series}, line_, 'burned_in_annotation', 'BurnedInAnnotation', 'YES'
FROM dicom_series WHERE list_contains(string_split(BurnedInAnnotation, '\'), 'YES')
UNION ALL
SELECT {series}, line_, 'burned_in_unknown', 'BurnedInAnnotation', NULL
FROM dicom_series
WHERE nullif(BurnedInAnnotation, '') IS NULL AND form <> 'NIfTI'
  AND (Modality IN ('US', 'ES', 'XC', 'GM', 'OT', 'SC', 'DOC') OR list_contains(string_split(ImageType, '\'), 'SECONDARY'))
UNION ALL
SELECT {series}, line_, 'recognizable_features', 'RecognizableVisualFeatures', 'YES'
FROM dicom_series WHERE list_contains(string_split(RecognizableVisualFeatures, '\'), 'YES')
UNION ALL
SELECT {series}, line_, 'identity_not_removed', 'PatientIdentityRemoved', 'NO'
FROM dicom_series WHERE list_contains(string_split(PatientIdentityRemoved, '\'), 'NO')
UNION ALL
SELECT {series}, line_, 'header_oddity', NULL, unnest(notes) FROM dicom_series
UNION ALL
SELECT {series}, line_, 'header_oddity', NULL, 'the Modality ' || left(Modality, 32) || ', which is none of DICOM''s'
FROM dicom_series WHERE Modality NOT IN ('', {modalities})
UNION ALL
SELECT {series}, line_, 'header_oddity', NULL, 'a ' || name || ' that is no UID: ' || uid
FROM (SELECT line_, unnest(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPClassUID']) AS name,
             unnest([StudyInstanceUID, SeriesInstanceUID, SOPClassUID]) AS uid FROM dicom_series)
WHERE regexp_full_match(uid, '[0-9.]{1,64}') AND NOT regexp_full_match(uid, '[0-2]([.](0|[1-9][0-9]*))+')
UNION ALL
-- a key that reads as a person's name, divided as in a PN or by a comma
SELECT {series}, line_, 'header_identity', 'PatientID', '***'
FROM dicom_series WHERE regexp_matches(PatientID, '[[:alpha:]]\^[[:alpha:]]|^[[:alpha:]]{2,}, ?[[:alpha:]]{2,}( [[:alpha:].]+)*$')
UNION ALL
SELECT {series}, line_, 'files_differ', unnest(differing), NULL FROM dicom_series
UNION ALL
SELECT {series}, line_, 'repeated_instance', NULL, repeated::VARCHAR FROM dicom_series WHERE repeated > 0
UNION ALL
SELECT {series}, t.line_, 'shared_uid', 'StudyInstanceUID', StudyInstanceUID || ' stands in series of ' || patients || ' patients'
FROM {table} t JOIN study USING (StudyInstanceUID)
UNION ALL
SELECT {series}, t.line_, 'shared_uid', 'SeriesInstanceUID', SeriesInstanceUID || ' stands in several studies, or under several patients'
FROM {table} t JOIN shared USING (SeriesInstanceUID)
UNION ALL
SELECT {file}, o.line_, o.reason, NULL, rtrim(coalesce(o.detail, 'an error of the system'), '.')
FROM {others} o JOIN harmonize.rule r ON r.rule = o.reason
