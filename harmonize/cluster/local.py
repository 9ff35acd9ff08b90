"""The tasks of shards in processes of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Engine(Protocol):
    """What runs tasks: each is one function (`package.module:name`) on one item; both, and the result, are pickled."""

    def run(self, function: str, tasks: Sequence[Any]) -> Iterator[Any]:
        """The results of the tasks, in their order. A task may be run more than once."""


@dataclass(frozen=True)
class LocalEngine:
    """Processes of this machine, as many as cores (None) or as asked for."""

    workers: int | None = None

    def run(self, function: str, tasks: Sequence[Any]) -> Iterator[Any]:
        """See Engine."""
        from os import cpu_count

        from harmonize.engine.workers import in_processes

        count = min(self.workers or cpu_count() or 1, max(len(tasks), 1))
        yield from in_processes(function, tasks, count)
