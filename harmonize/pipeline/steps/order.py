"""The order of a stage: who makes, adds to and changes what a step reads, comes before it."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.engine.steps import AGAIN
from harmonize.pipeline.steps.statement import Statement, fault

if TYPE_CHECKING:
    from collections.abc import Iterable

READERS = "readers"
"""What `after:` says of a step that runs when all that read its relation have run."""


class Stage:
    """The steps of one stage and what each must wait for; `known` are relations that are there before it."""

    def __init__(self, name: str, folders: list[str], statements: Iterable[Statement], known: set[str]) -> None:
        self.name, self.folders, self.known = name, folders, known
        self.statements = {s.name: s for s in statements}
        self.makers = {relation: s.name for s in self.statements.values() for relation in s.makes}
        self.tellers = {told: s.name for s in self.statements.values() for told in s.head.get("tells", [])}
        self.edges: dict[str, set[str]] = {s.name: set() for s in self.statements.values()}
        self.edges |= {f"{s.name}{AGAIN}": set() for s in self.statements.values() if "again" in s.head}
        for s in self.statements.values():
            self._check(s)
            self._wait_for_makers(s)
        built_on = {name: self._before(name) for name in self.edges}
        for s in self.statements.values():
            self._wait_for_writers(s, built_on)
        for s in self.statements.values():
            self._refuse_unordered(s)

    def order(self) -> list[str]:
        """The names in the order to run; a step that runs again has a second entry. Raises InputError for a circle."""
        sorter = TopologicalSorter(self.edges)
        try:
            sorter.prepare()
        except CycleError as circle:
            way = " → ".join(circle.args[1])
            raise InputError(f"sql/steps: the stage {self.name} goes in a circle: {way}.") from None
        order: list[str] = []
        ready: list[str] = []
        while sorter.is_active():
            ready = sorted([*ready, *sorter.get_ready()], key=self._place)
            order.append(ready.pop(0))
            sorter.done(order[-1])
        return order

    def _place(self, entry: str) -> tuple[int, str]:
        folder, _, name = entry.partition("/")
        return self.folders.index(folder), name

    def _check(self, s: Statement) -> None:
        for relation in s.reads | ({s.relation} if s.kind in ("add", "change") else set()):
            if "." not in relation and relation not in self.known and relation not in self.makers:
                raise fault(s.name, f"nothing makes {relation}")
            if relation.startswith("linked."):
                raise fault(s.name, f"it reads {relation}, a view for analysts")
        for atom in s.atoms | set(s.head.get("again", [])):
            if "." not in atom and atom not in self.makers.keys() | self.tellers.keys() | self.known:
                raise fault(s.name, f"nothing tells whether there are rows of {atom}")
        if s.kind == "add" and s.relation.startswith("midrc.") and any(r.startswith("omop.") for r in s.reads):
            raise fault(s.name, "it makes rows of the hub from OMOP")

    def _wait_for_makers(self, s: Statement) -> None:
        needs = s.reads | s.functions | s.atoms | ({s.relation} if s.kind in ("add", "change") else set())
        makers = {self.makers.get(need, self.tellers.get(need, s.name)) for need in needs} - {s.name}
        self.edges[s.name] |= makers | {self._named(s, other) for other in s.head.get("after", []) if other != READERS}
        if again := s.said("again"):
            self.edges[s.name + AGAIN] |= {s.name, self.tellers[again]} | {
                maker + AGAIN for maker in makers if maker + AGAIN in self.edges
            }

    def _wait_for_writers(self, s: Statement, built_on: dict[str, set[str]]) -> None:
        """What reads a relation comes after all that add to it or change it, but for those that build on the reader and
        those that are to come after it (`before: ...` and what builds on that) or after readers (`after: readers`)."""
        later = {self._named(s, other) for other in s.head.get("before", [])}
        for other in later:
            self.edges[other].add(s.name)
        later |= {name for name, before in built_on.items() if before & later}
        for relation in (s.reads | s.atoms) - ({s.relation} if s.kind in ("add", "change") else set()):
            for writer in self._writers(relation):
                both_again = writer.endswith(AGAIN) and "again" in s.head
                if writer.removesuffix(AGAIN) == s.name or s.name in built_on[writer] or writer in later or both_again:
                    continue
                if READERS in self.statements[writer.removesuffix(AGAIN)].head.get("after", []):
                    self.edges[writer].add(s.name)
                else:
                    self.edges[s.name].add(writer)

    def _refuse_unordered(self, s: Statement) -> None:
        if s.kind != "change":
            return
        for other in self._writers(s.relation):
            if other != s.name and s.name not in self._before(other) and other not in self._before(s.name):
                raise fault(s.name, f"nothing says whether it comes before or after {other} (after: ...)")

    def _named(self, s: Statement, other: str) -> str:
        found = [name for name in self.statements if name.rpartition("/")[2] == other]
        if len(found) != 1:
            raise fault(s.name, f"there is no step {other} to come after")
        return found[0]

    def _writers(self, relation: str) -> list[str]:
        changing = [s.name for s in self.statements.values() if s.kind == "change" and s.relation == relation]
        adding = [s.name for s in self.statements.values() if relation in s.adds]
        again = self.makers.get(relation, "") + AGAIN
        return [*adding, *changing, *([again] if again in self.edges else [])]

    def _before(self, name: str) -> set[str]:
        """All that must have run before a step."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            new = self.edges[waiting.pop()] - seen
            seen |= new
            waiting += new
        return seen
