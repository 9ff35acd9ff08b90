"""Runs golden cases: stage the files, load them into a store of their own, compare what came out."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from harmonize.engine.errors import HarmonizeError, InputError, did_you_mean
from harmonize.engine.store import open_store
from harmonize.engine.translate import first_line
from harmonize.golden.case import Case, CaseDelivery, Count, Table
from harmonize.golden.compare import ExpectedRow, count_differences, row_differences
from harmonize.golden.value import Catalog, found_value, parse
from harmonize.intake.sources import find_source
from harmonize.mapping.compiler.compile import load_mapping, mapping_folder, source_schema
from harmonize.pipeline.ledger import ledger
from harmonize.pipeline.load import load
from harmonize.pipeline.project import set_project
from harmonize.pipeline.store_schema import create
from harmonize.validation.table.choose import header_rows
from harmonize.vocabulary.value_sets import install as install_value_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.intake.table.header import HeaderRows
    from harmonize.mapping.plan import MappingPlan
    from harmonize.schema.model import ClassDef, Schema

PROJECT = "golden"
"""The project of a case whose mapping has no default of its own (project.yaml)."""
NOT_COUNTED = "missing_optional_column"
"""No finding of a file that is made of rows: it has only the columns that its rows name."""


@dataclass(frozen=True)
class CaseOutcome:
    """What a case gave: it passes where nothing differs."""

    case: Case
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything is as the case expects."""
        return not self.differences

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize mapping test --json` prints for a case."""
        return {
            "case": self.case.name,
            "file": str(self.case.file),
            "line": self.case.line,
            "passed": self.passed,
            "differences": list(self.differences),
        }


@dataclass(frozen=True)
class _Mapping:
    """A mapping under test; `template` is a store that has its value sets, to be copied."""

    folder: Path
    plan: MappingPlan
    schema: Schema
    template: Path


class GoldenRunner:
    """Runs cases, each in a store of its own: a copy of one that holds the starter vocabulary and the value sets of the
    case's first mapping. A context manager; each mapping is read once. `optimize` has DuckDB plan as for a load of many
    rows, which for a few only takes time."""

    def __init__(self, *, optimize: bool = False) -> None:
        self._optimize = optimize
        self._work = tempfile.TemporaryDirectory(prefix="harmonize-golden-")
        self._folder = Path(self._work.name)
        self._mappings: dict[Path, _Mapping] = {}
        self._template = self._folder / "template.duckdb"
        with open_store(self._template, create=True, initialise=create) as store:
            self._catalog = Catalog.of(store.con)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._work.cleanup()

    def check(self, case: Case) -> None:
        """Raise InputError, beginning with file and line, for a mapping, class, column, table, rule or value that there
        is not."""
        for delivery in case.deliveries:
            classes = self._mapping(case, delivery).schema.classes
            for name, content in delivery.files.items():
                if isinstance(content, Table):
                    _check_table(case, name, content, classes)
        for table, expected in case.rows.items():
            columns = self._catalog.columns(case, table, expected.line)
            for row in expected.rows:
                for column, text in row.cells.items():
                    if column not in columns:
                        raise case.fault(text.line, f"{table} has no column {column!r}.", did_you_mean(column, columns))
                    if not _is_curie(column, text.value):
                        parse(case, column, columns[column], text)
        for rule, count in (case.findings or {}).items():
            if rule not in self._catalog.rules:
                raise case.fault(count.line, f"there is no rule {rule!r}.", did_you_mean(rule, self._catalog.rules))

    def run(self, case: Case) -> CaseOutcome:
        """Load the case's files and compare. Raises InputError as `check`; a load that fails is a difference."""
        self.check(case)
        with tempfile.TemporaryDirectory(dir=self._folder) as work:
            path = Path(work) / "case.duckdb"
            shutil.copy(self._mapping(case, case.deliveries[0]).template, path)
            with open_store(path) as store:
                # the store is thrown away, so it need not be written in order at its end
                store.checkpoints = False
                store.con.execute("PRAGMA disable_checkpoint_on_shutdown")
                # for a few lines a second thread and better plans only cost
                store.con.execute("SET threads = 1; SET fsync_mode = 'NONE'")
                if not self._optimize:
                    store.con.execute("PRAGMA disable_optimizer")
                try:
                    self._load(store, case, Path(work))
                except (HarmonizeError, duckdb.Error) as problem:
                    return CaseOutcome(case, _refusal(case, problem))
                if case.refused is not None:
                    return CaseOutcome(case, (f"the load was expected to be refused: {case.refused}",))
                return CaseOutcome(case, tuple(self._compare(store.con, case)))

    def _mapping(self, case: Case, delivery: CaseDelivery) -> _Mapping:
        folder = _folder(case, delivery)
        if folder not in self._mappings:
            plan = load_mapping(folder)
            template = self._folder / f"template_{len(self._mappings)}.duckdb"
            shutil.copy(self._template, template)
            with open_store(template) as store, store.transaction() as con:
                install_value_sets(con, folder, plan.name)
            self._mappings[folder] = _Mapping(folder, plan, source_schema(folder, plan.source_schema), template)
        return self._mappings[folder]

    def _load(self, store: Store, case: Case, work: Path) -> None:
        """Set the project up as the case says and load its deliveries, one after the other."""
        project = str(self._mapping(case, case.deliveries[0]).plan.project.get("project_id", PROJECT))
        _set_up(store, case, project)
        for number, delivery in enumerate(case.deliveries, start=1):
            mapping = self._mapping(case, delivery)
            inbox = work / f"delivery_{number}"
            for name, content in delivery.files.items():
                path = inbox / name
                path.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, Table):
                    cls = mapping.schema.classes[str(content.class_name.value)]
                    delimiter = "\t" if path.suffix == ".tsv" else ","
                    path.write_text(_written(content, cls, delimiter, header_rows(mapping.schema, name)), "utf-8")
                else:
                    path.write_text(content, encoding="utf-8")
            load(
                store,
                [inbox],
                source=delivery.source,
                project=project,
                mapping=str(mapping.folder),
                mode=delivery.mode,
                without=delivery.without,
                allow_deletions=True,  # a case that tells what a snapshot deletes means it
            )

    def _compare(self, con: DuckDBPyConnection, case: Case) -> Iterator[str]:
        states = ", ".join(f"sum({state})::BIGINT" for state in ledger.STATES)
        sums = con.execute(f"SELECT {states} FROM harmonize.source_file").fetchone() or ()
        found = {state: number for state, number in zip(ledger.STATES, sums, strict=True) if number}
        yield from count_differences("ledger", _numbers(case.ledger), found)
        if case.reasons is not None:
            yield from count_differences("reasons", _numbers(case.reasons), dict(con.execute(_REASONS).fetchall()))
        yield from _finding_differences(con, case)
        concepts = self._catalog.concepts(con, case)
        for table, expected in case.rows.items():
            columns = self._catalog.columns(case, table, expected.line)
            rows = [
                ExpectedRow(
                    {
                        column: concepts[str(text.value)]
                        if _is_curie(column, text.value)
                        else parse(case, column, columns[column], text)
                        for column, text in row.cells.items()
                    },
                    row.line,
                )
                for row in expected.rows
            ]
            relation = con.execute(f"FROM {self._catalog.qualified(table)}")
            names = [column[0] for column in relation.description]
            values = [dict(zip(names, map(found_value, row), strict=True)) for row in relation.fetchall()]
            yield from row_differences(table, rows, values, self._catalog.names(con))


_SETTING_TYPES = {"source_anchor": "DATE", "anchor": "DATE", "imaging_date_offset_days": "INTEGER"}
_REASONS = "SELECT reason, count(*) FROM harmonize.ledger WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason"


def _numbers(counts: Mapping[str, Count]) -> dict[str, int]:
    return {name: count.number for name, count in counts.items()}


def _is_curie(column: str, value: object) -> bool:
    return column.endswith("concept_id") and isinstance(value, str) and ":" in value


def _folder(case: Case, delivery: CaseDelivery) -> Path:
    """The folder of a delivery's mapping; a path that begins with a dot starts at the case's file."""
    name = delivery.mapping or find_source(delivery.source).mapping
    if name is None:
        raise case.fault(delivery.line, f"source {delivery.source} needs a mapping.")
    try:
        return mapping_folder(case.file.parent / name if name.startswith(".") else name)
    except InputError as error:
        raise case.fault(delivery.line, error.message, error.hint) from error


def _check_table(case: Case, name: str, table: Table, classes: Mapping[str, ClassDef]) -> None:
    wanted = str(table.class_name.value)
    if wanted not in classes:
        raise case.fault(table.class_name.line, f"there is no class {wanted!r}.", did_you_mean(wanted, classes))
    if Path(name).suffix not in (".csv", ".tsv"):
        raise case.fault(table.class_name.line, f"rows are written as .csv or .tsv, not as {name!r}.")
    headers = [slot.header for slot in classes[wanted].slots.values()]
    for row in table.rows:
        for header, text in row.cells.items():
            if header not in headers:
                raise case.fault(text.line, f"{wanted} has no column {header!r}.", did_you_mean(header, headers))


def _set_up(store: Store, case: Case, project: str) -> None:
    """Give the project the time policy and the settings of the case, where it has any."""
    options: dict[str, Any] = {}
    for name, text in (case.time | case.settings).items():
        option = "time" if name == "policy" else name
        options[option] = parse(case, name, _SETTING_TYPES.get(name, "VARCHAR"), text)
    if not options:
        return
    try:
        set_project(store, project, **options)
    except InputError as error:
        raise case.fault(case.line, error.message, error.hint) from error


def _written(table: Table, cls: ClassDef, delimiter: str, rows: HeaderRows | None) -> str:
    """The rows as text: the columns that a row names and the required ones, in the order of the class.

    The header stands on the first of its rows, the others are blank cells.
    """
    first, last = rows or (1, 1)
    named = {header for row in table.rows for header in row.cells}
    headers = [s.header for s in cls.slots.values() if s.header in named or s.required or s.identifier]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    text.write("\n" * (first - 1))
    writer.writerow(headers)
    writer.writerows([None] * len(headers) for _ in range(first, last))
    for row in table.rows:
        writer.writerow([row.cells[header].value if header in row.cells else None for header in headers])
    return text.getvalue()


def _refusal(case: Case, problem: Exception) -> tuple[str, ...]:
    message = problem.message if isinstance(problem, HarmonizeError) else first_line(problem)
    if case.refused is not None and case.refused in message:
        return ()
    if case.refused is not None:
        return (f"refused, but not as expected ({case.refused}): {message}",)
    return (f"the load failed: {message}",)


def _finding_differences(con: DuckDBPyConnection, case: Case) -> list[str]:
    """All findings by rule, where the case gives some; else there may be none of severity error."""
    made = any(isinstance(content, Table) for delivery in case.deliveries for content in delivery.files.values())
    rows = con.execute(
        "SELECT r.rule, r.severity, count(*) FROM harmonize.finding f JOIN harmonize.rule r USING (rule_id) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found = {
        rule: count
        for rule, severity, count in rows
        if (severity == "error" or case.findings is not None) and not (made and rule == NOT_COUNTED)
    }
    return count_differences("findings", _numbers(case.findings or {}), found)
