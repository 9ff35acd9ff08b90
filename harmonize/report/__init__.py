"""Pages and tables for people: what every page of HTML and every table in a terminal is made with."""
