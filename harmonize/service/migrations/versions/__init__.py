"""A file a version of the tables."""
