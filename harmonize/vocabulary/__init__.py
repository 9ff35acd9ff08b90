"""The OMOP vocabulary of a store: loading, the starter, value sets, resolving codes to concepts, search."""
