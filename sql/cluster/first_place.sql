-- A code is told once a file and element, at its first place: what another shard tells earlier goes here.
DELETE FROM harmonize.finding
WHERE submission_id = $submission
  AND rule_id IN (SELECT rule_id FROM harmonize.rule WHERE rule IN ('fhir_unknown_code', 'fhir_impossible_code'))
  AND (file_id, line, (SELECT header FROM harmonize.file_column c WHERE c.file_id = finding.file_id AND c.column_id = finding.column_id))
      NOT IN (SELECT (file_id, min(place), path || '.code') FROM {codes} GROUP BY file_id, path, system, code)
