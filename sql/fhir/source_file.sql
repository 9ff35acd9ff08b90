-- The files of a delivery with their numbers of records.
INSERT INTO harmonize.source_file (file_id, submission_id, name, size, sha256, record_type, records)
SELECT unnest($ids), $submission, unnest($names), unnest($sizes), unnest($digests), 'fhir', unnest($counts)
