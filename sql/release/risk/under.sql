-- How many persons would be in classes of fewer than $k, were only this known of them ({known}).
SELECT coalesce(sum(persons), 0)::BIGINT
FROM (SELECT count(*) AS persons FROM risk_person GROUP BY [{known}] HAVING count(*) < $k)
