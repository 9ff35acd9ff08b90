"""The demonstration: an invented study, made from a seed, through the whole way. Stands beside the cli."""
