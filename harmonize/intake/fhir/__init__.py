"""FHIR: NDJSON, Bundles and single resources, staged as JSON with their places."""
