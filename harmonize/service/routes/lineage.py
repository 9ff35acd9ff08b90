"""Which file and line a row comes from, for stewards."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from harmonize.service.access import Steward, audit
from harmonize.service.problems import Problem
from harmonize.service.state import State, state_of

router = APIRouter(tags=["lineage"])
LARGEST_ID = 2**63 - 1


def lineage_of(state: State, table: str, row: int, published: bool) -> list[dict[str, Any]]:
    """The records behind a row, read from the copy of the store that a job put in place."""
    from harmonize.export.lineage import id_in_store
    from harmonize.pipeline.inspect import lineage as found
    from harmonize.pipeline.stores import open_current

    settings = state.settings
    if not settings.reading.is_file():
        raise Problem(503, "Nothing was loaded yet.", kind="empty")
    with open_current(settings.reading, read_only=True) as store:
        own = id_in_store(store, table, row, settings.key_file) if published else row
        return [dict(one) for one in found(store.con, table, own)]


@router.get("/lineage/{table}/{row}")
def lineage(
    request: Request,
    table: Annotated[str, Path(max_length=60)],
    row: Annotated[int, Path(ge=0, le=LARGEST_ID)],
    who: Steward,
    published: Annotated[bool, Query(description="Whether the id is one of the published file.")] = True,
) -> list[dict[str, Any]]:
    """The source records behind one row of OMOP: submission, file, line, mapping."""
    audit(request, who, "lineage", f"{table} {row}", published=published)
    return lineage_of(state_of(request), table, row, published)
