"""A record's way: records and ledger, map to the hub, standardize into OMOP, withdraw. One transaction a load."""
