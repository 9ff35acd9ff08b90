"""The end of every change: derive what it touched, bring the ledger in step, check, and only then commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.pipeline import changes
from harmonize.pipeline.derive import derive, describe_store, new_run
from harmonize.pipeline.ledger import ledger
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Run


def derive_again(con: DuckDBPyConnection, *, submission: int = 0, note: Callable[[str], None] | None = None) -> Run:
    """Derive the cases of the temp table touched_case anew, for a change that brings no records of its own: a
    withdrawal, a vocabulary, a setting, a link. `submission` is one whose records keep the state that the caller gave.

    The caller has called `changes.begin`. Raises InternalError when the result does not hold; nothing is committed.
    """
    run = new_run(con, note)
    derive(run)
    ledger.restate(run, submission)
    ledger.note_conflicts(run)
    describe_store(run)
    ledger.write_sums(con)
    before_commit(con)
    return run


def before_commit(con: DuckDBPyConnection) -> None:
    """The checks before every commit: keys, references, required columns and lengths of omop, and the two laws. A text
    that is too long for its column is cut and told; it stops no delivery.

    Projects that were to be loaded again and have been lose their flag.
    Raises InternalError naming the first broken one.
    """
    from harmonize.schema.checks import run, structural_checks

    tables = [*changes.filled_tables(con), "cdm_source", "metadata"]
    checks = structural_checks(load_schema("omop"), "omop")
    failures = run(con, checks, tables=tables)
    if any(failure.check.length for failure in failures):
        for check in (failure.check for failure in failures if failure.check.length):
            key = "person_id" if check.table == "death" else f"{check.table}_id"
            con.execute(
                sql("ledger/cut_text").format(table=check.table, column=check.column, length=check.length, key=key)
            )
        failures = run(con, checks, tables=tables)
    if failures:
        first = failures[0]
        raise InternalError(
            f"The check {first.check.id} fails on {first.rows:,} rows; nothing was committed.",
            "This is a fault of harmonize or of the mapping; `harmonize mapping check` may tell.",
        )
    ledger.check_laws(con)
    if con.execute("SELECT 1 FROM harmonize.needs_reload LIMIT 1").fetchone():
        con.execute(sql("ledger/reloaded"))
