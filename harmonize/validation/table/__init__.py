"""Rules on the cells and records of one table."""
