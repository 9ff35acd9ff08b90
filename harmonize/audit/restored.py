"""A restored backup in the audit log: its entry explains which signed heads are of the store that it replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.audit.heads import head_lines
from harmonize.audit.log import has_log, last_entry, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from harmonize.audit.heads import AuditFiles
    from harmonize.audit.log import Entry

RESTORED = "restored"


@dataclass(frozen=True)
class Gap:
    """What the entry `entry_id` tells: that heads up to the number `heads` may be over entries after `last` that the
    store no longer has."""

    entry_id: int
    day: str
    last: int
    heads: int

    def explains(self, number: int, entry: int) -> bool:
        """Whether the head of this number, over this entry, is of the store that was replaced."""
        return number <= self.heads and entry > self.last

    def sentence(self, until: int) -> str:
        """What is to be said of it."""
        return (
            f"Entries {self.last + 1} to {until} of an earlier log are not here: a backup of before was restored on "
            f"{self.day}, as entry {self.entry_id} says."
        )


def told_gap(con: DuckDBPyConnection, files: AuditFiles) -> dict[str, Any]:
    """What the entry of a restoration has to say, before anything is written to the restored store."""
    last = last_entry(con) if has_log(con) else None
    if last is None or not files.heads.exists():
        return {}
    first = next(iter(read_entries(con)))
    return {"last_entry": last.entry_id, "heads": len(head_lines(files.heads, first.hash))}


def gaps(entries: Iterable[Entry]) -> list[Gap]:
    """The restorations that the log tells of."""
    found = []
    for entry in entries:
        told = orjson.loads(entry.details) if entry.act == RESTORED else {}
        if "heads" in told:
            found.append(Gap(entry.entry_id, f"{entry.done_at:%Y-%m-%d}", int(told["last_entry"]), int(told["heads"])))
    return found
