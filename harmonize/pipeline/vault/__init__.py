"""The vault: the identifying values of deliveries that came with retained PHI, encrypted, apart from the store."""
