-- The steps of a submission in their order, and what was waived in it.
SELECT done_at, step, who, why, embargo_until FROM (
    SELECT done_at, step, who, why, embargo_until, step_id
    FROM harmonize.submission_step
    WHERE submission_id = $submission
    UNION ALL
    SELECT done_at, 'waived ' || rule, who, why, NULL, NULL
    FROM harmonize.finding_waiver
    WHERE submission_id = $submission
)
ORDER BY done_at, step_id NULLS LAST
