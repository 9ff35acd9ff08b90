"""What leaves a store: queries, published files, Gen3 submission TSVs."""
