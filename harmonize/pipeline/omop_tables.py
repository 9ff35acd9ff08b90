"""The tables of OMOP that are derived, by what their rows hang on: those of which a step of sql/steps writes rows."""

from __future__ import annotations

from functools import cache

from harmonize.engine.steps import plan

SHARED = ("location", "care_site", "provider")
"""Tables without a person: small, and made anew as a whole."""


@cache
def person_tables() -> tuple[str, ...]:
    """The derived tables whose rows are of persons."""
    written = {step.relation.removeprefix("omop.") for step in plan().steps.values() if step.kind == "rows"}
    return tuple(sorted(written - set(SHARED)))
