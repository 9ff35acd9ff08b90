"""What a site adds: its severities, its baseline, a copy with safe fixes."""
