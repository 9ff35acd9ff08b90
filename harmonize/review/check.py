"""All checks of what is mapped: mappings of sources, and the crosswalks to other consortia."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.mapping import check as mapping_check
from harmonize.mapping.compile import mappings
from harmonize.review.crosswalk import consortia, crosswalk
from harmonize.review.crosswalk_check import check_crosswalk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.vocabulary.value_set_check import Problem

CROSSWALKS = "consortia/"


def checked() -> list[str]:
    """The names of all that is shipped: mappings, then crosswalks as consortia/<name>."""
    return [*mappings(), *(CROSSWALKS + name for name in consortia())]


def check(name: str, con: DuckDBPyConnection | None = None) -> list[Problem]:
    """All that is wrong with a mapping (its name or folder) or a crosswalk, by file and line.

    With a connection to a store, concepts are looked up in the vocabulary there. Raises InputError where
    there is nothing of that name.
    """
    if name.startswith(CROSSWALKS):
        return check_crosswalk(crosswalk(name.removeprefix(CROSSWALKS)), con)
    return mapping_check.check(name, con)
