-- What a release holds: its cases with their pseudonyms.
INSERT INTO harmonize.release_person
SELECT $release, listed.person[1], listed.person[2], listed.person[3]
FROM (SELECT unnest($persons::VARCHAR[][]) AS person) listed
