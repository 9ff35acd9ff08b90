-- The records of one class that would go to the hub: {records}, as source_select gives them.
CREATE OR REPLACE TEMP VIEW {view} AS {records}
