-- Each text of a note ({values}) without what the rules of privacy find in it and without days ({told}).
CREATE OR REPLACE TEMP TABLE publish_redacted AS
SELECT value, {told} AS told FROM (SELECT DISTINCT value FROM ({values}) WHERE value IS NOT NULL)
