"""What else is done to a store than a load: link, withdraw, crosswalk, vocabulary, migrate."""
