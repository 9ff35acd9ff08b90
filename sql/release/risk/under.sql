-- How many persons would be in classes of fewer than $k, and how many in the smallest class, were only this known of them ({known}).
SELECT coalesce(sum(persons) FILTER (persons < $k), 0)::BIGINT, coalesce(min(persons), 0)
FROM (SELECT count(*) AS persons FROM risk_person GROUP BY [{known}])
