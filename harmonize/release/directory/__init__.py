"""A release: a directory that is built once, never changed, and can be verified by whoever has it."""
