-- The rules that findings name, each with its number for good.
CREATE TABLE IF NOT EXISTS harmonize.rule (
    rule_id USMALLINT NOT NULL,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,          -- error, warning
    scope VARCHAR NOT NULL,             -- file, record, cell
    message VARCHAR NOT NULL,
    hint VARCHAR NOT NULL
)
