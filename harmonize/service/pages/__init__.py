"""The pages: a module a page; each does by a form what the API does by JSON."""
