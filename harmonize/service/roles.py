"""Who may do what. A role is a set of permissions; a token has some of its user's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PERMISSIONS = {
    "submit": "send files, and see what became of them",
    "query": "ask questions of the published data",
    "review": "review mappings",
    "load": "load submissions of every organisation",
    "lineage": "see which file and line a row comes from",
    "admin": "users, organisations, jobs, audit",
}
ROLES = {
    "contributor": frozenset({"submit"}),
    "analyst": frozenset({"query"}),
    "reviewer": frozenset({"query", "review"}),
    "steward": frozenset({"submit", "query", "review", "load", "lineage"}),
    "admin": frozenset(PERMISSIONS),
}
OF_DATA = frozenset({"query", "review", "lineage"})
"""What shows data of persons: the terms must be attested before."""


@dataclass(frozen=True)
class Caller:
    """Who asks: a user, by a browser's session or a token."""

    user_id: int
    name: str
    role: str
    organisation_id: int | None
    permissions: frozenset[str]
    terms_accepted: bool
    token_id: int | None = None
    session_ends: datetime | None = None

    def may(self, permission: str) -> bool:
        """Whether that is allowed."""
        return permission in self.permissions

    @property
    def sees_all(self) -> bool:
        """Whether submissions of all organisations are shown."""
        return self.may("load") or self.may("admin")
