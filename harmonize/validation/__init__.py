"""Rules over staged files, the findings they make, and reports of these."""
