-- One row a series, patient and study, by the first file: {columns} are the attributes, gathered as the schema says;
-- {differing} names those in which files differ that must not.
CREATE OR REPLACE TEMP TABLE dicom_series AS
WITH gathered AS (
    SELECT min(rank) AS rank, arg_min(name, rank) AS file_name, {columns},
           arg_min(form, rank) AS form, count(DISTINCT SOPInstanceUID_) AS instances,
           max(TRY_CAST(RelatedInstances_ AS INTEGER)) AS related, count(*) FILTER (part = 0) AS files,
           sum(size) FILTER (part = 0) AS size,
           count(*) FILTER (form = 'DICOM') - count(DISTINCT SOPInstanceUID_) FILTER (form = 'DICOM') AS repeated,
           list_distinct(flatten(list(told))) AS told, sum(private_elements) AS private_elements,
           list_distinct(flatten(list(notes))) AS notes, {differing} AS differing
    FROM dicom_instance
    GROUP BY SeriesInstanceUID, StudyInstanceUID, PatientID
)
SELECT row_number() OVER (ORDER BY rank) AS line_, * EXCLUDE (rank, related, instances, files, size),
       CASE WHEN Modality = 'PT'
            THEN bool_or(coalesce(Modality = 'CT', false)) OVER (PARTITION BY StudyInstanceUID)::VARCHAR END AS has_ct,
       coalesce(nullif(instances, 0), related)::VARCHAR AS instance_count, files::VARCHAR AS file_count,
       size::BIGINT::VARCHAR AS size
FROM gathered
