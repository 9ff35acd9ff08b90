-- Rows of which some had an id before.
CREATE OR REPLACE TEMP VIEW numbered AS FROM renumbered
