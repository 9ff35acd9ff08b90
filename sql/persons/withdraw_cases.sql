-- Of many cases (pairs of project and key) those to withdraw: without those that were withdrawn before.
CREATE OR REPLACE TEMP TABLE withdraw_case AS
SELECT DISTINCT listed.pair[1] AS project_id, listed.pair[2] AS case_key
FROM (SELECT unnest($cases::VARCHAR[][]) AS pair) listed
ANTI JOIN harmonize.withdrawn_case w ON w.project_id = listed.pair[1] AND w.case_key = listed.pair[2]
