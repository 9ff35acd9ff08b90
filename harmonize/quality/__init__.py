"""Whether a store or a published file is sound: the checks of OHDSI's Data Quality Dashboard, and our own."""
