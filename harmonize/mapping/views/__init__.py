"""SQL on FHIR: ViewDefinitions compiled to set-based SQL over staged FHIR JSON."""
