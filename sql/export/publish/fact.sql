-- What a publication ({database}) says of itself; its CDM tables are in {cdm_schema}.
SELECT p.kind, p.note, p.key_mark, p.profile, p.reference, v.version AS store_version, c.cdm_version, c.vocabulary_version
FROM {database}.harmonize.publication p
CROSS JOIN {database}.harmonize.store_version v
LEFT JOIN (SELECT any_value(cdm_version) AS cdm_version, any_value(vocabulary_version) AS vocabulary_version
           FROM {database}.{cdm_schema}.cdm_source) c ON true
