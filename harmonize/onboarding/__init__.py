"""A new site: what its files hold, and a first draft of its mapping."""
