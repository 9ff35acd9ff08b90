-- Records of {child} whose case differs from that of the {parent} that they link to.
SELECT DISTINCT c.file_id, c.line_, '{column}' AS column_name,
       c.case_key || ' here, ' || p.case_key || ' as ' || c.link || ' has it' AS value
FROM (SELECT file_id, line_, {link} AS link, {child_case} AS case_key FROM batch_{child}) c
JOIN (SELECT {key} AS name, {parent_case} AS case_key FROM batch_{parent}) p ON p.name = c.link
WHERE c.case_key <> p.case_key
