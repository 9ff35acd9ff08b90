-- Codes that stand for two things, which chance brings about once in a very long while.
SELECT count(*) FROM (SELECT code FROM {codes}.code GROUP BY code HAVING count(*) > 1)
