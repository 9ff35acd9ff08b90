-- For each release the submissions and persons that it holds and that were withdrawn or rejected since, by its pseudonyms.
WITH submissions AS (
    SELECT r.release_id, list(r.submission_id ORDER BY r.submission_id) AS submissions
    FROM harmonize.release_submission r
    JOIN harmonize.submission_state s ON s.submission_id = r.submission_id
    WHERE s.state IN ('withdrawn', 'rejected')
    GROUP BY r.release_id
),
persons AS (
    SELECT r.release_id, list(DISTINCT r.pseudonym ORDER BY r.pseudonym) AS persons
    FROM harmonize.release_person r
    LEFT JOIN harmonize.withdrawn_case w ON w.project_id = r.project_id AND w.case_key = r.case_key
    LEFT JOIN harmonize.person_case c ON c.project_id = r.project_id AND c.case_key = r.case_key
    WHERE w.case_key IS NOT NULL OR c.case_key IS NULL
    GROUP BY r.release_id
)
SELECT b.release_id, b.project_id, b.version, b.built_at, b.sha256, b.place,
       coalesce(s.submissions, []) AS submissions, coalesce(p.persons, []) AS persons
FROM harmonize.release_build b
LEFT JOIN submissions s ON s.release_id = b.release_id
LEFT JOIN persons p ON p.release_id = b.release_id
WHERE s.release_id IS NOT NULL OR p.release_id IS NOT NULL
ORDER BY b.release_id
