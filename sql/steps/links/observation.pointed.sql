-- The panel that an observation is a member of, the allergy of a reaction.
-- when: aimed_link
UPDATE omop.observation SET observation_event_id = p.event_id, obs_event_field_concept_id = event_field(p.event_table)
FROM pointed p
WHERE p.omop_table = 'observation' AND p.omop_id = observation.observation_id
