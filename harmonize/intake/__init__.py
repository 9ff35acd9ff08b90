"""Files as they come: found, recognised, and staged as text with true line numbers. Imports engine only."""
