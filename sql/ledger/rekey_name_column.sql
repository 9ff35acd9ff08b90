-- One column of one table that names records of a kind.
UPDATE {relation} SET "{column}" = n.new
FROM (FROM rekey_name WHERE kind = ?) n
WHERE {relation}."{project}" = n.project_id AND {relation}."{column}" = n.old
