"""De-identification of what leaves: how many people a release tells apart, and images that must be looked at."""
