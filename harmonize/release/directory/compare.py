"""What changed between two releases."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import connect
from harmonize.engine.work_folder import work_folder
from harmonize.export.diff import diff
from harmonize.export.forms.places import FORMS
from harmonize.release.directory.verify import read_release

if TYPE_CHECKING:
    from pathlib import Path

    from harmonize.export.diff import TableDifference

_VERSIONS = ("tool", "vocabulary", "mappings", "profile")


@dataclass(frozen=True)
class ReleaseDifference:
    """Tables that differ, persons and submissions that only one release has, columns, versions, what is to be said."""

    tables: list[TableDifference]
    persons_gone: int
    persons_new: int
    submissions_gone: list[int]
    submissions_new: list[int]
    columns_gone: list[str]
    columns_new: list[str]
    versions: dict[str, list[Any]]
    notes: list[str]

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize release diff --json` prints."""
        return {**vars(self), "tables": [one.to_json() for one in self.tables]}


def compare(a: Path, b: Path, *, memory: str | None = None) -> ReleaseDifference:
    """Compare two releases that have a DuckDB or a Parquet form. Raises InputError for others, and for two sides."""
    told_a, told_b = read_release(a), read_release(b)
    if told_a["side"] != told_b["side"]:
        raise InputError("One release is open and the other sequestered.", "Compare two of the same side.")
    notes = []
    if told_a["key_mark"] != told_b["key_mark"]:
        notes.append("The releases have different keys: no row of one can be known in the other.")
    with work_folder("compare") as work:
        files = [_database(folder, told, work, name) for folder, told, name in ((a, told_a, "a"), (b, told_b, "b"))]
        tables = [one for one in diff(files[0], files[1], memory=memory) if one.differs]
        (cases_a, columns_a), (cases_b, columns_b) = (_parts(file, work) for file in files)
    sent_a, sent_b = ({one["submission"] for one in told["submissions"]} for told in (told_a, told_b))
    versions = {name: [told_a[name], told_b[name]] for name in _VERSIONS if told_a[name] != told_b[name]}
    return ReleaseDifference(
        tables, len(cases_a - cases_b), len(cases_b - cases_a), sorted(sent_a - sent_b), sorted(sent_b - sent_a),
        sorted(columns_a - columns_b), sorted(columns_b - columns_a), versions, notes,
    )  # fmt: skip


def _database(folder: Path, told: dict[str, Any], work: Path, name: str) -> Path:
    """The DuckDB form, or one made of the Parquet form."""
    data: Path = folder / str(told["side"])
    if "duckdb" in told["forms"]:
        return data / FORMS["duckdb"]
    if "parquet" not in told["forms"]:
        raise InputError(f"{folder} has neither the form duckdb nor parquet.", "Compare two that have one.")
    made = work / f"{name}.duckdb"
    with closing(connect(made, read_only=False, wait=0, spill=work)) as con:
        for relation in told["records"]:
            schema, _, table = relation.partition(".")
            one = data / "parquet" / schema / f"{table}.parquet"
            source = str(one if one.exists() else one.with_suffix("") / "*.parquet")
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
            con.execute(f"CREATE TABLE {quote(schema)}.{quote(table)} AS FROM read_parquet({literal(source)})")
    return made


def _parts(file: Path, work: Path) -> tuple[set[str], set[str]]:
    """Pseudonyms of cases, and names of columns."""
    with closing(connect(file, read_only=True, wait=0, spill=work)) as con:
        cases = {key for (key,) in con.execute("SELECT case_key FROM harmonize.person_case").fetchall()}
        columns = con.execute(
            "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal "
            "AND schema_name IN ('omop', 'midrc')"
        ).fetchall()
    return cases, {name for (name,) in columns}
