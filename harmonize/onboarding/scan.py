"""Profile unknown tables: what each column holds, likely keys, links between files, what may identify a person.

Everything is counted in SQL over the staged tables and over the table profile_value of distinct values, which DuckDB
spills to disk; nothing grows with the rows in Python. Values in which privacy found something are never read out.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.scratch import OnScratch, scratch_database
from harmonize.engine.sql_text import literal, literals, quote
from harmonize.intake.discover import discover
from harmonize.intake.table.header_guess import first_rows, guess_header
from harmonize.intake.table.stage import stage_file
from harmonize.mapping.compiler.functions import install
from harmonize.onboarding.column import hides_all, read_column
from harmonize.onboarding.file_scan import FileScan
from harmonize.onboarding.keys import Link, likely_keys, likely_links
from harmonize.onboarding.meaning import rules
from harmonize.validation.class_reads import ClassReads
from harmonize.validation.privacy import identity, titles
from harmonize.validation.privacy import texts as privacy
from harmonize.validation.privacy.cells import columns_of
from harmonize.validation.rules import NULL_TEXTS, rule_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile
    from harmonize.intake.table.header import HeaderRows
    from harmonize.intake.table.staged import Staged

MOST_VALUES = 50
LEAST_CELLS = 5


@dataclass
class Scan(OnScratch):
    """A delivery that was profiled; a context manager that drops its database at the end."""

    files: list[FileScan] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The document that `harmonize profile --format json` prints."""
        files = [
            {
                "file": file.name,
                "records": file.records,
                "bad_lines": file.bad_lines,
                "header_rows": file.header_rows,
                "repeated_records": file.repeated,
                "likely_keys": file.keys,
                "columns": [asdict(column) for column in file.columns],
            }
            for file in self.files
        ]
        return {"files": files, "links": [asdict(link) for link in self.links], "notes": self.notes}


def scan(
    paths: Sequence[Path],
    *,
    header_rows: HeaderRows | None = None,
    meanings: Mapping[str, str | None] | None = None,
    least: int = LEAST_CELLS,
    most: int = MOST_VALUES,
    memory: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Scan:
    """Profile the tables among the files.

    `header_rows` says where the headers of all tables stand, `meanings` what columns are, by header (else both are
    guessed); a value is listed if at least `least`
    cells have it, at most `most` a column. Raises InputError where nothing can be read as a table.
    """
    note = progress or (lambda _step: None)
    sent = [file for file in discover(paths) if file.format != "skipped"]
    files, held = titles.hide_names(sent)
    with ExitStack() as stack:
        result = Scan(scratch_database(stack, memory), stack)
        install(result.con)
        result.con.execute(
            "CREATE TABLE profile_value (file_id INTEGER, column_id INTEGER, value VARCHAR, n BIGINT, private BOOLEAN)"
        )
        tables = []
        below: dict[int, list[str]] = {}
        result.con.execute("CREATE SCHEMA IF NOT EXISTS harmonize")
        identity.begin(result.con)
        for number, (file, original) in enumerate(zip(files, sent, strict=True), start=1):
            if not file.is_table:
                result.notes.append(f"{file.name} was not read. {file.why}")
                continue
            note(f"file {number} of {len(sent)}")
            first = first_rows(original)
            rows = header_rows or guess_header(first)
            below[number] = dict(first).get(rows[1], []) if rows and rows[0] < rows[1] else []
            staged = stage_file(result.con, file, number, header_rows=rows)
            hidden = titles.hide_headers(staged, held.get(file.name))
            tables.append((_named_plainly(result.con, hidden), file, rows))
            identity.read_columns(result.con, staged, None, ClassReads())
        has_names = identity.know(result.con, None, None)
        if has_names:
            own = {number: (staged, None) for number, (staged, _, _) in enumerate(tables, start=1)}
            named, told = titles.hide_told(result.con, [file for _, file, _ in tables], own)
            tables = [
                (told[number][0], file, rows)
                for number, (file, (_, _, rows)) in enumerate(zip(named, tables, strict=True), start=1)
            ]
        for staged, file, rows in tables:
            names = _own_names(staged, below[staged.file_id])
            result.files.append(_file(result.con, staged, file, rows, meanings or {}, least, most, has_names, names))
        if not result.files:
            raise InputError("Nothing that was given can be read as a table.", "; ".join(result.notes[:3]) or None)
        headers = {column.header for file_scan in result.files for column in file_scan.columns}
        for header in meanings or {}:
            if header not in headers:
                raise InputError(f"No table has a column {header!r}.", did_you_mean(header, headers))
        note("keys and links")
        for scanned in result.files:
            likely_keys(result.con, scanned)
        result.links = likely_links(result.con, result.files)
        result.stack = stack.pop_all()
    return result


def _named_plainly(con: DuckDBPyConnection, staged: Staged) -> Staged:
    """The staged table without names of columns that come of headers which may not be shown: a draft writes them."""
    names = list(staged.names)
    for position, header in enumerate(staged.headers):
        if header.startswith("***"):
            names[position] = f"hidden_{position + 1}"
            old, new = quote(staged.names[position]), quote(names[position])
            con.execute(f"ALTER TABLE {staged.table} RENAME COLUMN {old} TO {new}")
    return replace(staged, names=tuple(names))


def _own_names(staged: Staged, cells: list[str]) -> dict[str, str]:
    """What the last row of a header of several says of each column; nothing where another row says it all."""
    texts = [" ".join(cell.split()) for cell in cells]
    told = zip(staged.headers, texts, strict=False)
    return {header: text for header, text in told if text and header.endswith(f" {text}")}


def _file(
    con: DuckDBPyConnection,
    staged: Staged,
    file: SourceFile,
    rows: HeaderRows | None,
    meanings: Mapping[str, str | None],
    least: int,
    most: int,
    has_names: bool,
    own: dict[str, str],
) -> FileScan:
    for position, name in enumerate(staged.names, start=1):
        statement = sql("onboarding/values")
        con.execute(statement.format(file_id=staged.file_id, column_id=position, cell=quote(name), table=staged.table))
    found = _mark_private(con, staged, has_names)
    formats = [*rules()["date_formats"], *rules()["datetime_formats"]]
    counts = ", ".join(
        f"coalesce(sum(n) FILTER (time_as(dated, {literal(f)}) IS NOT NULL), 0)::BIGINT" for f in formats
    )
    missing = literals([*NULL_TEXTS, *rules()["missing_numbers"]])
    answers = [*rules()["flag"]["yes"], *rules()["flag"]["no"]]
    described = con.execute(
        sql("onboarding/column_facts").format(
            file_id=staged.file_id,
            missing=missing,
            dates=counts,
            answers=literals(answers),
            flags=literals([*answers, *rules()["flag"]["neither"]]),
        )
    )
    names = [column[0] for column in described.description]
    facts = {row[0]: dict(zip(names, row, strict=True)) for row in described.fetchall()}
    frequent = dict(
        con.execute(
            sql("onboarding/frequent_values").format(file_id=staged.file_id, least=int(least), limit=int(most))
        ).fetchall()
    )
    columns = [
        read_column(
            con,
            staged,
            position,
            facts.get(position),
            frequent.get(position, []),
            found.get(position, {}),
            meanings,
            own.get(staged.headers[position - 1], ""),
        )
        for position in range(1, len(staged.names) + 1)
    ]
    return FileScan(
        file.name,
        staged.records,
        staged.bad_lines,
        rows,
        columns,
        staged=staged,
        size=file.size,
        sha256=file.sha256,
    )


def _mark_private(con: DuckDBPyConnection, staged: Staged, has_names: bool) -> dict[int, dict[str, int]]:
    """Mark the values in which privacy found something; of a column in which one is an error, and of one that is named
    like an identifier, all. A date alone is private where most of its column are none. Returns rule → number of values,
    by the column's position."""
    columns = columns_of(staged, None, set())
    privacy.find(con, columns, declared=False)
    if has_names:
        identity.begin_tokens(con)
        own = f"(SELECT column_id, value FROM profile_value WHERE file_id = {staged.file_id})"
        identity.find_tokens(con, own, [column.column_id for column in columns])
    pattern = literal(privacy.pattern_of(rule_texts()["phi_date"]))
    con.execute(sql("onboarding/lone_date").format(file_id=staged.file_id, pattern=pattern))
    rows = con.execute("SELECT column_id, rule, count(DISTINCT value) FROM privacy_hit GROUP BY ALL ORDER BY ALL")
    found: dict[int, dict[str, int]] = {}
    for position, rule, count in rows.fetchall():
        found.setdefault(position, {})[rule] = count
    for header in privacy.named_like_identifiers(staged.headers):
        found.setdefault(staged.headers.index(header) + 1, {})["phi_column"] = 0
    hidden = [position for position, hits in found.items() if hides_all(hits)]
    con.execute(
        "UPDATE profile_value SET private = true WHERE file_id = $file AND (list_contains($hidden, column_id)"
        " OR (column_id, value) IN (SELECT column_id, value FROM privacy_hit))",
        {"file": staged.file_id, "hidden": hidden},
    )
    return found
