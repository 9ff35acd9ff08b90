"""Findings for people and machines, in every format."""
