-- Observations; a day alone, of an observation that Gen3 cannot name, is not given out.
SELECT 'observation' AS node, * REPLACE (
           CASE WHEN observation_name IS NULL THEN days_to_observation ELSE coalesce(days_to_observation, start_day) END
               AS days_to_observation)
FROM midrc.observation
