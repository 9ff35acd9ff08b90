SELECT 'There are no persons.' AS sentence WHERE NOT EXISTS (FROM omop.person)
