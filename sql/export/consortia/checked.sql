-- The rows of one CDM table ({relation}) as the form has them: its cells, the first reason why the row is not sent (NULL: it
-- is sent) as reason:column, and the cells that are sent blank.
CREATE OR REPLACE TEMP TABLE form_checked AS
SELECT {cells}, {loss} AS form_loss, list_filter([{blanks}], lambda x: x IS NOT NULL) AS form_blanks
FROM {relation} t
