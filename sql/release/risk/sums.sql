-- Classes and persons, those of fewer than $k, those of fewer than $diversity answers.
SELECT count(*) AS classes, coalesce(sum(persons), 0)::BIGINT AS persons, coalesce(min(persons), 0) AS smallest,
       coalesce(sum(persons) FILTER (persons < $k), 0)::BIGINT AS under, count(*) FILTER (persons < $k) AS classes_under,
       coalesce(sum(persons) FILTER (persons = 1), 0)::BIGINT AS alone, coalesce(min(answers), 0) AS least_answers,
       coalesce(sum(persons) FILTER (answers < $diversity), 0)::BIGINT AS alike
FROM risk_class
