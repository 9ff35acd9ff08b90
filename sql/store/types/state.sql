-- The eight states of a record.
CREATE TYPE harmonize.state AS ENUM(
    'loaded', 'excluded', 'quarantined', 'duplicate', 'context', 'unchanged', 'superseded', 'deleted'
)
