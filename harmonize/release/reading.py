"""How a store is read for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Reading:
    """`what` is the act as the audit log calls it (query, publish ...); with `internal`, `who` (None: the user of the
    system) reads the whole store, for no one outside."""

    what: str
    internal: bool = False
    who: str | None = None
    wait: float = 10.0
    memory: str | None = None
    tell: Tell = lambda _: None
