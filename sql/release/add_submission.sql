-- What a release holds: its submissions.
INSERT INTO harmonize.release_submission
SELECT $release, unnest($submissions::INTEGER[])
