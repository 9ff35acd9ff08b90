"""How long each part of a load took, as its progress tells the parts."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = re.compile(r" (file )?\d[\d,]*( of \d[\d,]*)?(?= |$)")


@dataclass(frozen=True)
class Phase:
    """A part of a load: its seconds, and those of all cores together."""

    name: str
    seconds: float
    core_seconds: float


class Phases:
    """Passes on what is noted, and measures from one note to the next; those of one name are one (read file 1 of 3)."""

    def __init__(self, note: Callable[[str], None] | None) -> None:
        self._note = note or (lambda _step: None)
        self._spent: dict[str, tuple[float, float]] = {}
        self._name = "begin"
        self._since = time.perf_counter(), time.process_time()

    def note(self, step: str) -> None:
        """A part begins."""
        self._end()
        self._name = _NUMBERS.sub("", step)
        self._note(step)

    def all(self) -> list[Phase]:
        """The parts, in the order in which they began; the last one ends now."""
        self._end()
        return [Phase(name, *spent) for name, spent in self._spent.items()]

    def _end(self) -> None:
        now = time.perf_counter(), time.process_time()
        before = self._spent.get(self._name, (0.0, 0.0))
        self._spent[self._name] = before[0] + now[0] - self._since[0], before[1] + now[1] - self._since[1]
        self._since = now
