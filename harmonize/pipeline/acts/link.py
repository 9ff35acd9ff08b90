"""Link: the images of the whole store against persons, visits and procedures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.imaging.coverage import LinkResult, coverage
from harmonize.pipeline import changes
from harmonize.pipeline.finish import derive_again

if TYPE_CHECKING:
    from harmonize.engine.store import Store


def link(store: Store) -> LinkResult:
    """Derive all cases with images anew and report coverage.

    A load links what it brings by itself; this does it for the whole store and tells how well it went.
    """
    started = time.perf_counter()
    with store.transaction() as con:
        changes.begin(con)
        con.execute(sql("persons/every_imaged_case"))
        derive_again(con)
        projects = coverage(con)
    return LinkResult(projects, time.perf_counter() - started)
