"""The runner of steps: what runs, in which order, what is made empty or on demand, what is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from harmonize.engine import steps
from harmonize.engine.steps import Plan, Run

TEXTS = {
    "a/class.kind": "SELECT kind FROM store.kind",
    "a/first": "CREATE OR REPLACE TEMP TABLE first AS SELECT n FROM given",
    "a/first.more": "INSERT INTO first SELECT n + 10 FROM first",
    "a/second": "CREATE OR REPLACE TEMP TABLE second AS SELECT f.n, l.word FROM first f LEFT JOIN list l USING (n)",
    "a/unasked": "CREATE OR REPLACE TEMP TABLE unasked AS SELECT 1 AS n",
    "a/list": "CREATE OR REPLACE TEMP TABLE list AS SELECT 1 AS n, $word AS word",
    "a/spread": "UPDATE second SET n = n - 1 WHERE n > 5",
    "b/filled": "CREATE OR REPLACE TEMP TABLE filled (n INTEGER)",
    "b/row": "SELECT n FROM second",
    "b/row.kept": "CREATE OR REPLACE TEMP TABLE last AS SELECT count(*) AS n FROM kept",
}
WORD = "n INTEGER, word VARCHAR"
STEPS: dict[str, dict[str, Any]] = {
    "a/class.kind": {"kind": "tell", "relation": "a/class.kind", "tells": ["red", "blue"]},
    "a/first": {
        "kind": "make", "relation": "first", "reads": ["given"], "when": [["red", "green"]], "columns": "n INTEGER"
    },
    "a/first.more": {"kind": "add", "relation": "first", "reads": ["first"], "when": [["red"], ["first"]]},
    "a/second": {"kind": "make", "relation": "second", "reads": ["first", "list"], "columns": WORD},
    "a/unasked": {"kind": "make", "relation": "unasked", "when": [["green"]], "columns": "n INTEGER"},
    "a/list": {"kind": "make", "relation": "list", "params": ["word"], "on_demand": True, "columns": WORD},
    "a/spread": {"kind": "change", "relation": "second", "repeats": True},
    "b/filled": {
        "kind": "make", "relation": "filled", "by": "fill", "when": [["store.kind"]], "columns": "n INTEGER"
    },
    "b/row": {"kind": "rows", "relation": "omop.note", "reads": ["second"], "keeps": "kept", "columns": "n INTEGER"},
    "b/row.kept": {"kind": "make", "relation": "last", "reads": ["kept"], "columns": "n BIGINT"},
}  # fmt: skip
ORDER = {
    "a": ["a/class.kind", "a/first", "a/first.more", "a/second", "a/unasked", "a/spread"],
    "b": ["b/filled", "b/row", "b/row.kept"],
}


@pytest.fixture
def con(monkeypatch: pytest.MonkeyPatch) -> Iterator[DuckDBPyConnection]:
    monkeypatch.setattr(steps, "sql", lambda name: TEXTS[name.removeprefix("steps/")])
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA store; CREATE TABLE store.kind (kind VARCHAR)")
        yield con


def run_of(con: DuckDBPyConnection, rows: int = 3, note: Callable[[str], None] | None = None) -> Run:
    plan = Plan.from_json(
        {"steps": {k: dict(v) for k, v in STEPS.items()}, "stages": ORDER, "inputs": {"given": "n INTEGER"}}
    )

    def write(con: DuckDBPyConnection, table: str, statement: str, keep: str | None) -> int:
        assert (table, statement) == ("note", TEXTS["b/row"])
        if rows and keep:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {keep} AS FROM range({rows}) t (n)")
        return rows

    def fill(con: DuckDBPyConnection) -> None:
        con.execute("INSERT INTO filled VALUES (1), (2)")

    return Run(con, rows=write, by={"fill": fill}, params={"word": "x"}, note=note, steps=plan)


def names(run: Run) -> list[str]:
    return [ran.step for ran in run.ran]


def test_what_is_not_present_does_not_run_and_is_empty_where_it_is_read(con: DuckDBPyConnection) -> None:
    run = run_of(con)
    run.stage("a")
    assert names(run) == ["a/class.kind", "a/list", "a/second", "a/spread"]
    assert con.execute("DESCRIBE first").fetchall()[0][:2] == ("n", "INTEGER")
    assert con.execute("FROM first").fetchall() == con.execute("FROM second").fetchall() == []
    assert (run.count("first"), run.present("red", "blue")) == (0, False)
    with pytest.raises(duckdb.CatalogException):  # nothing reads it, so nothing makes it
        con.execute("FROM unasked")


def test_what_a_class_step_tells_runs(con: DuckDBPyConnection) -> None:
    con.execute("INSERT INTO store.kind VALUES ('red'); CREATE TEMP TABLE given AS FROM range(1, 3) t (n)")
    folders: list[str] = []
    run = run_of(con, note=folders.append)
    run.stage("a")
    assert names(run) == ["a/class.kind", "a/first", "a/first.more", "a/list", "a/second", "a/spread"]
    assert [ran.rows for ran in run.ran] == [1, 2, 2, 1, 4, 2]
    assert run.count("first") == 4
    assert run.present("green", "red")
    # the UPDATE goes on until no row is over 5
    assert con.execute("SELECT n, word FROM second ORDER BY n").fetchall() == [
        (1, "x"),
        (2, None),
        (5, None),
        (5, None),
    ]
    assert folders == ["a"]
    run.stage("b")
    assert folders == ["a", "b"]


def test_a_step_that_waits_for_rows_of_another_does_not_run_without(con: DuckDBPyConnection) -> None:
    con.execute("INSERT INTO store.kind VALUES ('red'); CREATE TEMP TABLE given (n INTEGER)")
    run = run_of(con)
    run.stage("a")
    assert "a/first" in names(run)
    assert "a/first.more" not in names(run)


def test_python_fills_and_rows_are_kept(con: DuckDBPyConnection) -> None:
    run = run_of(con)
    con.execute("CREATE TEMP TABLE second (n INTEGER, word VARCHAR)")
    run.given("second")
    run.stage("b")
    assert names(run) == ["b/row", "b/row.kept"]  # store.kind has no rows
    assert con.execute("FROM last").fetchall() == [(3,)]
    con.execute("INSERT INTO store.kind VALUES ('red')")
    run = run_of(con, rows=0)
    run.given("second")
    run.stage("b")
    assert names(run) == ["b/filled", "b/row", "b/row.kept"]
    assert run.ran[0].rows == run.count("filled") == 2
    assert con.execute("FROM last").fetchall() == [(0,)]  # kept has the plan's columns and no rows


def test_only_what_is_asked_for_and_what_that_needs_is_made(con: DuckDBPyConnection) -> None:
    con.execute("INSERT INTO store.kind VALUES ('red'); CREATE TEMP TABLE given AS FROM range(2) t (n)")
    run = run_of(con)
    run.make("a", "first")
    assert names(run) == ["a/class.kind", "a/first", "a/first.more"]
    run.make("a", "first")
    assert names(run) == ["a/class.kind", "a/first", "a/first.more"]


def test_a_failure_names_its_step(con: DuckDBPyConnection) -> None:
    con.execute("INSERT INTO store.kind VALUES ('red'); CREATE TEMP TABLE given AS SELECT 'x' AS m")
    with pytest.raises(duckdb.Error) as caught:
        run_of(con).stage("a")
    assert caught.value.__notes__ == ["in the step a/first"]
