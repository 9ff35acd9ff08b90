-- Records of {parent} that no record of the classes which should link to it names.
WITH named AS ({links})
SELECT file_id, line_, '{column}' AS column_name, {key} AS value
FROM batch_{parent} p ANTI JOIN named ON named.name = p.{key}
WHERE {key} IS NOT NULL
