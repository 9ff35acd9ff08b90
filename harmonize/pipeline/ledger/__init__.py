"""Records, their states and sums: every source record ends in exactly one state."""
