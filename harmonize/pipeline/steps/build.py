"""Compiles sql/steps into the plan that is shipped (`make plans`): what each step reads, and their order."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from harmonize.engine.errors import InputError
from harmonize.engine.paths import plan_folders, require_checkout, root
from harmonize.engine.plans import dump
from harmonize.engine.sql_text import quote
from harmonize.engine.steps import AGAIN, PLAN, Plan, Run
from harmonize.engine.store import open_store
from harmonize.pipeline.derive import PYTHON, parameters
from harmonize.pipeline.rows import kept_columns
from harmonize.pipeline.steps.order import Stage
from harmonize.pipeline.steps.statement import Statement, read_statement
from harmonize.pipeline.store_schema import create

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection


def compiled(folder: Path) -> dict[str, Any]:
    """The plan of the steps in `folder`, as plans/steps.json has it. Raises InputError for what is unsound."""
    said = yaml.safe_load((folder / "stages.yaml").read_text(encoding="utf-8"))
    found = [read_statement(folder, path) for path in sorted(folder.rglob("*.sql"))]
    statements = {s.name: s for s in found}
    _refuse_twins(found)
    stages = _ordered(said, found)
    plan: dict[str, Any] = {
        "stages": {
            name: [entry for entry in entries if not statements[entry.removesuffix(AGAIN)].on_demand]
            for name, entries in stages.items()
        },
        "inputs": said["inputs"],
        "steps": {name: _entry(s) for name, s in sorted(statements.items())},
    }
    once = [statements[entry] for order in stages.values() for entry in order if entry in statements]
    for name, columns in _columns(plan, once):
        plan["steps"][name]["columns"] = columns
    return plan


def _refuse_twins(statements: list[Statement]) -> None:
    makers: dict[str, str] = {}
    for s in statements:
        for relation in s.makes:
            if relation in makers:
                raise InputError(f"sql/steps/{s.name}.sql: {relation} is made by {makers[relation]} already.")
            makers[relation] = s.name


def _ordered(said: dict[str, Any], statements: list[Statement]) -> dict[str, list[str]]:
    known = set(said["inputs"]) | set(said["given"]) | {made for s in statements if s.on_demand for made in s.makes}
    stages: dict[str, list[str]] = {}
    for name, folders in said["stages"].items():
        stage = Stage(name, folders, [s for s in statements if s.folder in folders], known)
        stages[name] = stage.order()
        known |= stage.makers.keys() | stage.tellers.keys()
    placed = {entry for order in stages.values() for entry in order}
    if lost := sorted(s.name for s in statements if s.name not in placed):
        raise InputError(f"sql/steps/{lost[0]}.sql: no stage of stages.yaml has its folder.")
    return stages


def _columns(plan: dict[str, Any], statements: list[Statement]) -> Iterator[tuple[str, str]]:
    """Step → the columns of the temp table that it makes or keeps, where all run in an empty store."""

    def keep(con: DuckDBPyConnection, table: str, statement: str, kept: str | None) -> int:
        if kept:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {kept} AS {kept_columns(con, table, statement)}")
        return 1

    steps = Plan.from_json(deepcopy(plan))
    with ExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "s.duckdb"
        store = stack.enter_context(open_store(file, create=True, initialise=create))
        params = dict.fromkeys(name for s in statements for name in s.head.get("params", [])) | parameters()
        run = Run(store.con, rows=keep, by=PYTHON, params=params, steps=steps)
        for s in statements:
            run.step(s.name)
            if s.keeps or s.kind == "make":
                yield s.name, _described(store.con, s.keeps or s.relation)


def _described(con: DuckDBPyConnection, relation: str) -> str:
    rows = con.execute(f"DESCRIBE {relation}").fetchall()
    return ", ".join(f"{quote(name)} {kind}" for name, kind, *_ in rows)


def _entry(s: Statement) -> dict[str, Any]:
    """What `engine.steps.Step` knows of a step, but for what is as by default."""
    said = {
        "kind": s.kind,
        "relation": s.relation,
        "reads": sorted(name for name in s.reads | s.functions if "." not in name),
        "when": [list(alternatives) for alternatives in s.when],
        "params": s.head.get("params", []),
        "by": s.said("by"),
        "keeps": s.keeps,
        "again": s.said("again"),
        "tells": s.head.get("tells", []),
        "repeats": "repeat" in s.head,
        "on_demand": s.on_demand,
    }
    return {key: value for key, value in said.items() if value}


def build(folder: Path) -> bool:
    """Write the plan into `folder` and say whether it has changed."""
    file = folder / PLAN
    plan = dump(compiled(root("sql") / "steps"))
    if file.is_file() and file.read_bytes() == plan:
        return False
    file.write_bytes(plan)
    return True


if __name__ == "__main__":
    require_checkout()
    print(
        "The plan of the steps was written anew." if build(plan_folders()[0]) else "The plan of the steps is as it was."
    )
