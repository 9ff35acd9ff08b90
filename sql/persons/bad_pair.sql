-- The first cell of a crosswalk that cannot be taken as it is: line, column, value, what is expected.
WITH cell AS (
    SELECT line, unnest([
        {'column_name': 'project_id_1', 'value': project_id_1, 'bad': project_id_1 IS NULL, 'expected': 'a project'},
        {'column_name': 'case_key_1', 'value': case_key_1, 'bad': case_key_1 IS NULL, 'expected': 'the key of a case'},
        {'column_name': 'project_id_2', 'value': project_id_2, 'bad': project_id_2 IS NULL, 'expected': 'a project'},
        {'column_name': 'case_key_2', 'value': case_key_2, 'bad': case_key_2 IS NULL, 'expected': 'the key of a case'},
        {'column_name': 'day_difference', 'value': day_difference,
         'bad': NOT regexp_full_match(day_difference, '[+-]?\d{1,6}'), 'expected': 'a whole number of days, or nothing'},
        {'column_name': 'same_time_base', 'value': same_time_base, 'bad': lower(same_time_base) NOT IN ('true', 'false'),
         'expected': 'true, false or nothing'},
        {'column_name': 'day_difference', 'value': day_difference,
         'bad': lower(same_time_base) = 'true' AND NOT regexp_full_match(day_difference, '[+-]?0+'),
         'expected': '0 or nothing where same_time_base is true'},
        {'column_name': 'case_key_2', 'value': case_key_2,
         'bad': project_id_1 = project_id_2 AND case_key_1 = case_key_2, 'expected': 'another case than case_key_1'}
    ], recursive := true)
    FROM pair_line
)
SELECT line, column_name, value, expected FROM cell WHERE bad ORDER BY line LIMIT 1
