"""Who did what: the log chained by hash, its signed heads, the steps of a submission, the rules of a project."""
