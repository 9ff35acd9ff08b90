"""Rules over several tables of a delivery: links, copies, cases, days, and what is loaded already.

A rule is SQL (sql/validation/batch/, for each class or column that the schema's annotations name;
sql/validation/<schema>/, as it is) over views `batch_<class>`: file_id, line_ and the cells of all files of a class,
missing texts as NULL. It gives file_id, line_, column_name and value of each finding.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal
from harmonize.validation.batch.model import Batch, Link, Statement, note_columns
from harmonize.validation.rules import rule_texts
from harmonize.validation.table.findings import LONGEST_VALUE, masked, register_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


MAX_WORKERS = 4
"""Files, or rules over several files, that are checked at a time, at most."""


def check_batch(batch: Batch, submission: int, *, has_functions: bool = False) -> None:
    """Run the rules over several tables and insert their findings. The tables of `create_tables` and the staged ones
    must exist; `has_functions` says that those of sql/functions.sql do, too."""
    from harmonize.validation.batch.codes import code_statements
    from harmonize.validation.batch.rules import statements

    numbers = register_rules(batch.con)
    if not has_functions:
        batch.con.execute(sql("functions"))
    batch.make_views()
    note_columns(batch)
    asked = [
        statement
        for statement in statements(batch)
        if not (batch.loading and rule_texts()[statement.rule].asked == "validate")
    ]
    if batch.loading:  # inside of a transaction, which other connections do not see
        _run(batch, asked, numbers, submission)
    else:
        _run_side_by_side(batch, asked, numbers, submission)
        _not_delivered(batch, numbers["parent_not_delivered"], submission)
    # The statements about codes share temporary tables, which each column makes anew.
    for statement in code_statements(batch):
        if not (batch.loading and rule_texts()[statement.rule].asked == "validate"):
            _insert(batch, statement, numbers[statement.rule], submission)
    batch.drop_views()


def _run(batch: Batch, asked: Sequence[Statement], numbers: dict[str, int], submission: int) -> None:
    for statement in asked:
        _insert(batch, statement, numbers[statement.rule], submission)


def _run_side_by_side(batch: Batch, asked: list[Statement], numbers: dict[str, int], submission: int) -> None:
    """Run the statements on several connections: few tables are so large that one statement keeps all cores busy."""
    workers = min(MAX_WORKERS, os.cpu_count() or 1)
    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        sides = [batch.beside(stack.enter_context(batch.con.cursor())) for _ in range(workers)]
        jobs = [pool.submit(_run, side, asked[start::workers], numbers, submission) for start, side in enumerate(sides)]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            for side in sides:
                side.con.interrupt()
            raise


def _insert(batch: Batch, statement: Statement, number: int, submission: int) -> None:
    if statement.guard is not None and not (batch.con.execute(statement.guard).fetchone() or (True,))[0]:
        return
    batch.con.execute(
        "INSERT INTO harmonize.finding SELECT $submission, $rule, f.file_id, f.line_, c.column_id, "
        f"CASE WHEN c.hidden THEN {masked('f.value')} ELSE left(f.value, {LONGEST_VALUE}) END "
        f"FROM ({statement.sql}) f LEFT JOIN batch_column c USING (file_id, column_name)",
        {"submission": submission, "rule": number},
    )
    if statement.expected is not None:
        files = [staged.file_id for staged, cls in batch.files if cls.name == statement.cls]
        batch.con.execute(
            "INSERT INTO harmonize.expectation SELECT file_id, column_id, $rule, $expected, NULL FROM batch_column "
            "WHERE list_contains($files, file_id) AND column_name = $column",
            {"rule": number, "expected": statement.expected, "files": files, "column": statement.column},
        )


def _not_delivered(batch: Batch, number: int, submission: int) -> None:
    """Say which links could not be checked: nothing that they lead to was delivered, and there is no database."""
    for link in unchecked(batch):
        text = (
            f"SELECT {literal(link.slot.name)} AS column_name, unnest($files) AS file_id, NULL AS line_, NULL AS value"
        )
        files = [staged.file_id for staged, cls in batch.files if cls is link.child and link.slot.name in staged.names]
        statement = Statement(
            "parent_not_delivered",
            text.replace("$files", str(files)),
            link.child.name,
            link.slot.name,
            link.parent.name,
        )
        _insert(batch, statement, number, submission)


def unchecked(batch: Batch) -> Iterator[Link]:
    """Links to classes of which nothing is known."""
    for link in batch.links:
        if link.parent.name not in batch.classes and batch.store is None and batch.is_checked(link):
            yield link
