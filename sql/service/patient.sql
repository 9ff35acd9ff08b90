-- One patient by the published id.
SELECT person_id, case_key, sex, age_text, race, ethnicity, death_date, visits, studies FROM linked.person_summary WHERE person_id = $person
