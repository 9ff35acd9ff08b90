"""Golden cases of mappings: a few lines in, the exact OMOP rows and ledger states out."""
