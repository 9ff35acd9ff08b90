"""Rules over several tables of a delivery: links, copies, cases, days, and what is loaded already.

A rule is SQL (sql/validation/batch/, for each class or column that the schema's annotations name;
sql/validation/<schema>/, as it is) over views `batch_<class>`: file_id, line_ and the cells of all files of a class,
missing texts as NULL. It gives file_id, line_, column_name and value of each finding.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import literal, quote
from harmonize.validation.findings import LONGEST_VALUE, masked, register_rules
from harmonize.validation.rules import cell_sql, missing_texts, rule_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.stage import Staged
    from harmonize.schema.model import ClassDef, Schema, Slot


MAX_WORKERS = 4
"""Files, or rules over several files, that are checked at a time, at most."""


@dataclass(frozen=True)
class Statement:
    """One rule on one class or column: its SQL, and the {expected} of its message in `column` of `cls`. `guard` is a
    cheap SELECT of one truth value: only where it is true the rule can find anything."""

    rule: str
    sql: str
    cls: str = ""
    column: str = ""
    expected: str | None = None
    guard: str | None = None


@dataclass(frozen=True)
class Link:
    """A column of `child` that names records of `parent`; `several` of them where commas divide it."""

    child: ClassDef
    slot: Slot
    parent: ClassDef

    @property
    def named(self) -> str:
        """SELECT of file_id, line_, link (the cell) and name: the names in it, one a row."""
        cell = quote(self.slot.name)
        several = self.slot.annotations.get("several")
        whole = f"SELECT file_id, line_, {cell} AS link, {cell} AS name FROM batch_{self.child.name}"
        if several is None:
            return whole
        comma = literal(several)
        return (
            f"{whole} WHERE NOT contains({cell}, {comma}) UNION ALL SELECT file_id, line_, {cell}, "
            f"unnest(split_list({cell}, {comma})) FROM batch_{self.child.name} WHERE contains({cell}, {comma})"
        )


@dataclass
class Batch:
    """The files of a delivery with their classes. `store` is the prefix of a database's schemas (`` for this one), None
    without a database; `project` the project that is meant, None for any; with `loading` records replace those of their
    id, and rules are left out that a load settles itself (links that wait for their other end) or that ask whether a
    delivery is complete."""

    con: DuckDBPyConnection
    schema: Schema
    files: Sequence[tuple[Staged, ClassDef]]
    store: str | None = None
    project: str | None = None
    loading: bool = False
    _views: dict[str, str] = field(default_factory=dict)

    @cached_property
    def classes(self) -> dict[str, ClassDef]:
        """The classes that were delivered, by name."""
        return {cls.name: cls for _, cls in self.files}

    @cached_property
    def links(self) -> list[Link]:
        """The links of the delivered classes, where a file has the column."""
        return [
            Link(cls, slot, self.schema.classes[slot.annotations["link"]])
            for cls in self.classes.values()
            for slot in cls.slots.values()
            if "link" in slot.annotations and self.has(cls, slot.name)
        ]

    def has(self, cls: ClassDef, *columns: str) -> bool:
        """Whether a file of the class has the columns."""
        return any(found.name == cls.name and set(columns) <= set(staged.names) for staged, found in self.files)

    def case_of(self, cls: ClassDef, besides: str = "") -> str | None:
        """SQL for the person of a record: the first filled of its links to the class that is the person; None if it has
        none. A cell that names several persons tells nothing."""
        if cls.annotations.get("person") == "true":
            return key_of(cls)
        cells = [
            f"CASE WHEN NOT contains({quote(link.slot.name)}, ',') THEN {quote(link.slot.name)} END"
            for link in self.links
            if link.child is cls and link.parent.annotations.get("person") == "true" and link.slot.name != besides
        ]
        return f"coalesce({', '.join(cells)})" if cells else None

    def is_checked(self, link: Link) -> bool:
        """Whether a link must lead somewhere: not one that MIDRC itself fills (annotation may_be_empty), and not a list
        beside a single link to the same (case_ids): where the two differ, `other_case` says so."""
        twins = [other for other in self.links if other.child is link.child and other.parent is link.parent]
        is_list = "several" in link.slot.annotations and len(twins) > 1
        return link.slot.annotations.get("may_be_empty") != "true" and not is_list

    def make_views(self) -> None:
        """Create the views of the classes that were delivered."""
        for cls in self.classes.values():
            missing = missing_texts(cls)
            selects = []
            for staged, found in self.files:
                if found.name == cls.name:
                    cells = [
                        f"{_trimmed(slot, missing) if slot.name in staged.names else 'NULL::VARCHAR'} "
                        f"AS {quote(slot.name)}"
                        for slot in cls.slots.values()
                    ]
                    selects.append(f"SELECT {staged.file_id} AS file_id, line_, {', '.join(cells)} FROM {staged.table}")
            self._view(cls.name, " UNION ALL ".join(selects))

    def make_empty_views(self, text: str) -> bool:
        """Create views without rows for those classes in a statement of which no file was delivered. False where fewer
        than two of its classes were: then it has nothing to compare."""
        named = set(re.findall(r"\bbatch_(\w+)", text))
        if len(named & self.classes.keys()) < 2:
            return False
        for name in named - self._views.keys():
            cells = ", ".join(f"NULL::VARCHAR AS {quote(slot)}" for slot in self.schema.classes[name].slots)
            self._view(name, f"SELECT 0 AS file_id, 0::BIGINT AS line_, {cells} WHERE false")
        return True

    def _view(self, name: str, text: str) -> None:
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW batch_{name} AS {text}")
        self._views[name] = text

    def beside(self, con: DuckDBPyConnection) -> Batch:
        """The same batch on another connection to the same database, whose functions are not TEMP, with own views."""
        other = replace(self, con=con, _views={})
        for name, text in self._views.items():
            other._view(name, text)
        _note_columns(other)
        return other

    def drop_views(self) -> None:
        """Drop the views, whose tables are about to go."""
        for name in self._views:
            self.con.execute(f"DROP VIEW batch_{name}")


def _trimmed(slot: Slot, missing: tuple[str, ...]) -> str:
    """Ids and links without the blanks around them: those have a rule of their own."""
    cell = cell_sql(slot, missing)
    return f"trim({cell})" if slot.identifier or "link" in slot.annotations else cell


def key_of(cls: ClassDef) -> str:
    """SQL for what names a record: its identifier, else its line."""
    for slot in cls.slots.values():
        if slot.identifier:
            return quote(slot.name)
    return "'line ' || line_"


def key_column(cls: ClassDef) -> str:
    """The column that findings on a record's id stand in; none where lines name the records."""
    return next((slot.name for slot in cls.slots.values() if slot.identifier), "")


def check_batch(batch: Batch, submission: int, *, has_functions: bool = False) -> None:
    """Run the rules over several tables and insert their findings. The tables of `create_tables` and the staged ones
    must exist; `has_functions` says that those of sql/functions.sql do, too."""
    from harmonize.validation.batch_rules import statements
    from harmonize.validation.codes import code_statements

    numbers = register_rules(batch.con)
    if not has_functions:
        batch.con.execute(sql("functions"))
    batch.make_views()
    _note_columns(batch)
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


def _note_columns(batch: Batch) -> None:
    """Numbers of columns by name, and which of them may not be shown."""
    hidden = [
        (staged.file_id, slot.name)
        for staged, cls in batch.files
        for slot in cls.slots.values()
        if slot.annotations.get("phi", "").lower() == "true"
    ]
    batch.con.execute(
        "CREATE OR REPLACE TEMP TABLE batch_column AS SELECT file_id, column_id, name AS column_name, "
        "list_contains($hidden, (file_id, name)::VARCHAR) AS hidden FROM harmonize.file_column "
        "WHERE list_contains($files, file_id)",
        {"hidden": [f"({number}, {name})" for number, name in hidden], "files": [s.file_id for s, _ in batch.files]},
    )


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


def filled(name: str, parts: dict[str, str]) -> str:
    """A statement of sql/validation/ with its {names} put in."""
    text = sql(f"validation/{name}")
    for part, value in parts.items():
        text = text.replace("{" + part + "}", value)
    return text


def schema_statements(schema: Schema) -> dict[str, str]:
    """Rules that are written for one schema: sql/validation/<schema>/<rule>.sql."""
    folder = root("sql") / "validation" / schema.name
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.sql"))}
