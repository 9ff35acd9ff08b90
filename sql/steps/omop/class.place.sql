-- The tables without a person that something in the hub names rows of.
-- tells: location, care_site, provider
SELECT DISTINCT omop_table
FROM (SELECT 'location' AS omop_table FROM midrc."case" WHERE coalesce(zip, residence_state, country_of_residence) IS NOT NULL
      UNION ALL SELECT 'care_site' FROM midrc."case" WHERE care_site_key IS NOT NULL
      UNION ALL SELECT 'care_site' FROM midrc.organization
      UNION ALL SELECT 'provider' FROM midrc.provider
      UNION ALL SELECT 'provider' FROM midrc.annotation WHERE reader_key IS NOT NULL)
