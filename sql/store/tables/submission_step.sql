-- The steps of each submission's life (docs/life-cycle.md), in their order. Rows are added and never changed.
CREATE TABLE IF NOT EXISTS harmonize.submission_step (
    step_id BIGINT NOT NULL,
    submission_id INTEGER NOT NULL,
    step VARCHAR NOT NULL,                  -- received, validated, embargoed, signed, released, rejected, withdrawn
    done_at TIMESTAMP NOT NULL,                  -- UTC
    who VARCHAR NOT NULL,
    why VARCHAR,
    embargo_until DATE                      -- of embargoed: the first day on which it may be released
)
