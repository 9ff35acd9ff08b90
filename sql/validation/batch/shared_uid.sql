-- UIDs that stand in records of several owners, or under several ids.
WITH owned AS ({owned}), repeated AS (
    SELECT uid FROM owned WHERE uid IS NOT NULL GROUP BY uid HAVING count(*) > 1
), shared AS (
    SELECT uid, min(owner) AS owner, max(owner) AS other_owner, min(name) AS name, max(name) AS other_name
    FROM owned JOIN repeated USING (uid) GROUP BY uid
    HAVING min(owner) <> max(owner) OR min(name) <> max(name)
)
SELECT o.file_id, o.line_, '{column}' AS column_name,
       uid || CASE WHEN s.owner <> other_owner THEN ' belongs to ' || s.owner || ' and to ' || other_owner
                   ELSE ' stands in the records ' || s.name || ' and ' || other_name END AS value
FROM owned o JOIN shared s USING (uid) WHERE o.file_id IS NOT NULL
