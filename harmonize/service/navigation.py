"""The pages that the menu leads to, as data: whoever adds a page adds a line."""

from __future__ import annotations

from dataclasses import dataclass

from harmonize.service.roles import Caller


@dataclass(frozen=True)
class Entry:
    """A page of the menu, shown to who has the permission (None: to everybody who is logged in)."""

    path: str
    name: str
    permission: str | None = None


ENTRIES = (
    Entry("/submissions", "Submissions", "submit"),
    Entry("/projects", "Projects", "load"),
    Entry("/releases", "Releases", "load"),
    Entry("/ask", "Ask", "query"),
    Entry("/studies", "Studies", "query"),
    Entry("/datasets", "Datasets", "query"),
    Entry("/quality", "Quality", "query"),
    Entry("/review", "Review", "review"),
    Entry("/lineage", "Lineage", "lineage"),
    Entry("/admin", "Admin", "admin"),
    Entry("/account", "Account"),
)


def entries(who: Caller) -> list[Entry]:
    """Those that the caller may open."""
    return [entry for entry in ENTRIES if entry.permission is None or who.may(entry.permission)]
