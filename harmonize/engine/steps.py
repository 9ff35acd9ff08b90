"""Runs the steps of a stage: SQL statements that each make, add to or change one relation, in their computed order.

A step is a file under sql/steps/<folder>/, named after its relation; the head says when it runs (docs/steps.md). What
steps read and write, and so their order, is found when plans are built (harmonize/pipeline/steps, plans/steps.json).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import orjson

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import plan_folders, sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLAN = "steps.json"
"""The compiled plan of all stages, beside the plans of schemas and mappings."""
AGAIN = "@again"
"""Ends the second entry of a step that may run again."""


@dataclass(frozen=True)
class Step:
    """One statement, as its file and its head say.

    `kind`: make (a temp table), define (a view or macro), add, change, rows (of an OMOP table, written by the caller)
    or tell (names classes of rows that are present). `when`: alternatives of which one must hold, for each line of the
    head. `columns`: those of a table that it makes or keeps, for an empty one where it does not run.
    """

    name: str
    kind: str
    relation: str
    reads: tuple[str, ...] = ()
    when: tuple[tuple[str, ...], ...] = ()
    params: tuple[str, ...] = ()
    columns: str | None = None
    by: str | None = None
    keeps: str | None = None
    again: str | None = None
    tells: tuple[str, ...] = ()
    repeats: bool = False
    on_demand: bool = False


@dataclass(frozen=True)
class Plan:
    """All steps by name, the order of each stage, who makes which relation; `inputs` are made by callers."""

    steps: dict[str, Step]
    stages: dict[str, tuple[str, ...]]
    inputs: dict[str, str]
    makers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, plan: dict[str, Any]) -> Plan:
        """The plan as harmonize/pipeline/steps/build.py writes it."""
        steps = {}
        for name, said in plan["steps"].items():
            said["when"] = tuple(tuple(alternatives) for alternatives in said.get("when", ()))
            for key in ("reads", "params", "tells"):
                said[key] = tuple(said.get(key, ()))
            steps[name] = Step(name, **said)
        makers = {}
        for step in steps.values():
            if step.kind in ("make", "define"):
                makers[step.relation] = step.name
            if step.keeps:
                makers[step.keeps] = step.name
        return cls(steps, {name: tuple(order) for name, order in plan["stages"].items()}, plan["inputs"], makers)


@dataclass(frozen=True)
class Ran:
    """A step that ran, the rows that it made, added or changed (None where nothing counts them), and its seconds."""

    step: str
    rows: int | None
    seconds: float


Rows = Callable[["DuckDBPyConnection", str, str, "str | None"], int]
"""Writes rows into an OMOP table and keeps their keys: (con, table, statement, temp table) → how many rows."""


@cache
def plan() -> Plan:
    """The shipped plan. Raises InternalError where the installation lacks it."""
    file = plan_folders()[0] / PLAN
    if not file.is_file():
        raise InternalError(f"The installation is incomplete: its plan {PLAN} is missing.", "Install it again.")
    return Plan.from_json(orjson.loads(file.read_bytes()))


class Run:
    """One change of a store, stage by stage: what is present, what was made, how long each step took.

    `by` are the steps that Python does or fills, by name; `params` the values of `$name` in statements; `note` is told
    each folder when its first step runs. Runs inside the caller's transaction. A failure names its step (a note of the
    exception).
    """

    def __init__(
        self,
        con: DuckDBPyConnection,
        *,
        rows: Rows | None = None,
        by: Mapping[str, Callable[[DuckDBPyConnection], None]] | None = None,
        params: Mapping[str, object] | None = None,
        note: Callable[[str], None] | None = None,
        steps: Plan | None = None,
    ) -> None:
        self.con = con
        self.ran: list[Ran] = []
        self._plan = steps or plan()
        self._rows, self._by, self._params = rows, dict(by or {}), dict(params or {})
        self._note = note or (lambda _folder: None)
        self._present: set[str] = set()
        self._counts: dict[str, int] = {}
        self._filled: dict[str, bool] = {}
        self._made: set[str] = set()
        self._done: set[str] = set()
        self._told: set[str] = set()

    def stage(self, name: str, **params: object) -> None:
        """Run the steps of a stage, each where its classes of rows are present; `params` stay for later stages."""
        self._params |= params
        for entry in self._plan.stages[name]:
            step = self._plan.steps[entry.removesuffix(AGAIN)]
            if (entry.endswith(AGAIN) and step.again not in self._present) or not self._holds(step):
                continue
            if (folder := step.name.partition("/")[0]) not in self._told:
                self._told.add(folder)
                self._note(folder)
            self._do(step)

    def make(self, stage: str, *names: str) -> None:
        """Run of a stage only what these steps and relations need, and them, where it has not been run yet."""
        order = [self._plan.steps[entry] for entry in self._plan.stages[stage] if not entry.endswith(AGAIN)]
        wanted = self._needed(order, set(names))
        for step in order:
            if step.name in wanted and step.name not in self._done and self._holds(step):
                self._do(step)
        self.need(*(name for name in names if name in self._plan.makers))

    def step(self, name: str, **params: object) -> None:
        """Run one step, whatever is present."""
        self._params |= params
        self._do(self._plan.steps[name])

    def given(self, *names: str) -> None:
        """These relations are there, made by the caller; these classes of rows are present."""
        self._made |= set(names)
        self._present |= set(names)

    def count(self, relation: str) -> int:
        """How many rows a temp table of a step has; 0 where its step did not run."""
        return self._counts.get(relation, 0)

    def present(self, *classes: str) -> bool:
        """Whether one of these classes of rows is present, as the steps before have told."""
        return not self._present.isdisjoint(classes)

    def need(self, *relations: str) -> None:
        """Make sure that these relations are there: made on demand, or empty where their step did not run."""
        for relation in relations:
            self._ensure(relation)

    def _needed(self, order: list[Step], names: set[str]) -> set[str]:
        """The steps of a stage that make, add to, change or tell what is named, and what these need."""
        wanted: set[str] = set()
        waiting = set(names)
        while waiting:
            new = {s for s in order if waiting & {s.name, s.relation, s.keeps, *s.tells} and s.name not in wanted}
            wanted |= {s.name for s in new}
            waiting = {name for s in new for name in (*s.reads, *(atom for either in s.when for atom in either))}
        return wanted

    def _holds(self, step: Step) -> bool:
        return all(any(self._is_there(atom) for atom in alternatives) for alternatives in step.when)

    def _is_there(self, atom: str) -> bool:
        if atom in self._present or self._counts.get(atom):
            return True
        if "." not in atom and atom not in self._plan.inputs:
            return False
        if atom not in self._filled:
            self._ensure(atom)
            self._filled[atom] = self.con.execute(f"SELECT 1 FROM {atom} LIMIT 1").fetchone() is not None
        return self._filled[atom]

    def _ensure(self, relation: str) -> None:
        """A relation that a step reads is there: made on demand, or empty where its step did not run."""
        if relation in self._made:
            return
        self._made.add(relation)
        if relation in self._plan.inputs:
            self.con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {relation} ({self._plan.inputs[relation]})")
        elif relation in self._plan.makers:
            maker = self._plan.steps[self._plan.makers[relation]]
            if maker.on_demand:
                self._do(maker)
            else:
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE {relation} ({maker.columns})")

    def _do(self, step: Step) -> None:
        started = time.perf_counter()
        for relation in step.reads:
            self._ensure(relation)
        if step.kind in ("add", "change"):
            self._ensure(step.relation)
        try:
            count = self._execute(step)
        except duckdb.Error as problem:
            problem.add_note(f"in the step {step.name}")
            raise
        self._done.add(step.name)
        self._filled.pop(step.relation, None)
        if step.kind in ("make", "define"):
            self._made.add(step.relation)
        if step.keeps and count:
            self._made.add(step.keeps)
        self._count(step, count or 0)
        self.ran.append(Ran(step.name, count, time.perf_counter() - started))

    def _count(self, step: Step, count: int) -> None:
        if step.keeps:
            self._counts[step.keeps] = count
        elif step.kind == "make":
            self._counts[step.relation] = count
        elif step.kind == "add":
            self._counts[step.relation] = self._counts.get(step.relation, 0) + count

    def _execute(self, step: Step) -> int | None:
        """Run the statement; return the rows that it made, added or changed."""
        statement = sql(f"steps/{step.name}")
        if step.kind == "rows":
            if self._rows is None:
                raise InternalError(f"Nothing writes the rows of the step {step.name}.")
            return self._rows(self.con, step.relation.removeprefix("omop."), statement, step.keeps)
        params = {name: self._params[name] for name in step.params} or None
        if step.kind == "define":
            self.con.execute(statement, params)
            return None
        if step.kind == "tell":
            told = {name for (name,) in self.con.execute(statement, params).fetchall()}
            self._present |= told
            return len(told)
        count = 0
        if "CREATE" in statement or step.by is None:
            count = self._changed(statement, params)
            while step.repeats and count and self._changed(statement, params):
                pass
        if step.by is not None:
            self._by[step.by](self.con)
            count = self._size(step.relation)
        return count

    def _changed(self, statement: str, params: dict[str, object] | None) -> int:
        row = self.con.execute(statement, params).fetchone()
        return int(row[0]) if row else 0

    def _size(self, relation: str) -> int:
        row = self.con.execute(f"SELECT count(*) FROM {relation}").fetchone()
        return int(row[0]) if row else 0
