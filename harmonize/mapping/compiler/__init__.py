"""Compiles LinkML-Map specifications to plans of SQL; the plan's digest covers this folder."""
