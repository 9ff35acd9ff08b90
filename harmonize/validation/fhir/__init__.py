"""Rules on FHIR resources."""
