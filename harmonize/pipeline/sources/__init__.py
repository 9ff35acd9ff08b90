"""What is particular to a kind of source: tables, FHIR, images."""
