"""The Python face: a call for every command (`harmonize.api.calls` says which), with typed parameters.

A store that is open has the calls that work on it (`db = harmonize.open("study.duckdb")`); what works on files,
mappings and dictionaries are functions of the package and of its modules `mappings`, `reviews`, `schemas` and `views`.
"""
