-- The instances of this delivery (or series, of DICOMweb): {fields} are the attributes as columns, {struct} their JSON.
CREATE OR REPLACE TEMP TABLE dicom_instance AS
WITH read AS MATERIALIZED (
    SELECT f.ordinal * 1000000 + h.part AS rank, f.name, f.size, h.part, h.form, h.told, h.private_elements, h.notes,
           from_json(h.header, {struct}) AS a
    FROM dicom_file f
    JOIN harmonize.dicom_header h
      ON h.path_key = f.path_key AND h.size = f.size AND h.stamp = f.stamp AND h.reader = md5($reader)::UUID
    WHERE f.reason IS NULL AND h.reason IS NULL
)
SELECT * EXCLUDE (a), {fields} FROM read
