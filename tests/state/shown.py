"""What a store holds, as texts that people read and compare: a table of TSV for each table, keys instead of ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from duckdb import DuckDBPyConnection

IDS_OF_ROWS = (
    "SELECT omop_table::VARCHAR, omop_id, string_agg(DISTINCT record_key || coalesce(' ' || part, ''), '+') "
    "FROM harmonize.row_source JOIN harmonize.record USING (record_id) LEFT JOIN harmonize.mapping USING (mapping_id) "
    "WHERE role = 'primary' GROUP BY ALL"
)
MASKED = frozenset(
    {
        "loaded_at",
        "row_key",
        "key_hash",
        "content_hash",
        "sha256",
        "harmonize_version",
        "cdm_release_date",
        "cdm_etl_reference",
        "source_release_date",
        "vocabulary_version",
        "mapping_version",
        "version",
        "identity",
        "token_hash",
        "identifier_hash",
        "withdrawn_at",
        "path_key",
        "stamp",
    }
)
"""Columns that tell when or by which release something was made, and digests."""

HIDDEN = re.compile(r"x-[0-9a-f]{24}")
"""A cell of a key that is told by its digest, of which each store has another one."""


class Shown:
    """Tables of a store as lines; ids of rows are shown as the record and the entry that they are of, ids of concepts
    as vocabulary and code."""

    def __init__(self, con: DuckDBPyConnection) -> None:
        self.con = con
        self.names: dict[str, dict[int, str]] = {}
        for table, number, name in con.execute(IDS_OF_ROWS).fetchall():
            self.names.setdefault(table, {})[number] = name
        self.names["person"] = dict(
            con.execute(
                "SELECT person_id, string_agg(project_id || '/' || case_key, '=' ORDER BY project_id, case_key) "
                "FROM harmonize.person_case GROUP BY person_id"
            ).fetchall()
        )
        self.names["concept"] = dict(
            con.execute("SELECT concept_id, vocabulary_id || ':' || concept_code FROM omop.concept").fetchall()
        )
        self.names["rule"] = dict(con.execute("SELECT rule_id, rule FROM harmonize.rule").fetchall())
        self.names["reason"] = dict(con.execute("SELECT reason_id, reason FROM harmonize.reason").fetchall())
        self.names["record"] = {
            number: f"{submission}:{key or f'line {line}'}"
            for number, submission, key, line in con.execute(
                "SELECT record_id, submission_id, record_key, line FROM harmonize.record"
            ).fetchall()
        }
        self.names["mapping"] = dict(
            con.execute("SELECT mapping_id, concat_ws(' ', name, part) FROM harmonize.mapping").fetchall()
        )

    def table(self, relation: str, query: str | None = None) -> str:
        """The columns of a relation that have a value anywhere, and all rows, sorted."""
        found = self.con.execute(query or f"FROM {relation}")
        header = [column[0] for column in found.description]
        rows = [list(map(self._cell, header, row)) for row in self._of_table(relation, header, found.fetchall())]
        used = [n for n, name in enumerate(header) if name not in MASKED and any(row[n] for row in rows)]
        lines = sorted(HIDDEN.sub("x-(hidden)", "\t".join(row[n] for n in used)) for row in rows)
        return "\n".join(["\t".join(header[n] for n in used), *lines]) + "\n"

    @staticmethod
    def _of_table(relation: str, header: list[str], rows: list[tuple[object, ...]]) -> Iterable[list[object]]:
        """Rows whose ids that name rows of several tables are told with the table, where the row names it."""
        place = header.index("omop_table") if "omop_table" in header else None
        for row in rows:
            cells = list(row)
            if place is not None and "omop_id" in header:
                cells[header.index("omop_id")] = (str(row[place]), row[header.index("omop_id")])
            yield cells

    def _cell(self, column: str, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, tuple):
            return self.names.get(value[0], {}).get(value[1], str(value[1]))
        kind = column.removesuffix("_id")
        for known in ("concept", "person", "record"):
            if kind.endswith(known):
                kind = known
        if isinstance(value, int) and kind != column and kind in self.names:
            return self.names[kind].get(value, str(value))
        if isinstance(value, float):
            return f"{value:.10g}"
        if isinstance(value, list):
            return "[" + "|".join(self._cell(column.removesuffix("s"), one) for one in value) + "]"
        return str(value).replace("\t", "\\t").replace("\n", "\\n")


def differences(expected: Path, shown: dict[str, str]) -> list[str]:
    """What differs from the files of a folder: table, row and column."""
    known = {path.stem: path.read_text(encoding="utf-8") for path in sorted(expected.glob("*.tsv"))}
    found = [f"{name}: there is no file of it" for name in shown.keys() - known.keys()]
    found += [f"{name}: there is a file, and no such table" for name in known.keys() - shown.keys()]
    for name in sorted(shown.keys() & known.keys()):
        if shown[name] != known[name]:
            found += [f"{name}: {told}" for told in _of_table(known[name], shown[name])]
    return found


def _of_table(expected: str, shown: str) -> list[str]:
    """At most eight differences of a table; of rows that have one cell apart, the column."""
    old, new = expected.splitlines(), shown.splitlines()
    if old[:1] != new[:1]:
        apart = sorted(set(old[0].split("\t")) ^ set(new[0].split("\t")))
        return [f"columns {apart} are filled in one only"]
    gone = [line for line in old if line not in set(new)]
    come = [line for line in new if line not in set(old)]
    if not gone and not come:
        return [
            "rows come in another order" if sorted(old) == sorted(new) else "a row stands there another number of times"
        ]
    header = old[0].split("\t")
    told = []
    both = min(len(gone), len(come))
    for one, other in zip(gone[:both], come[:both], strict=True):
        cells = list(zip(header, one.split("\t"), other.split("\t"), strict=True))
        apart = [f"{name} was {was!r}, is {now!r}" for name, was, now in cells if was != now]
        told.append(f"row {one[:70]!r}: {'; '.join(apart[:4])}")
    told += [f"a row is gone: {line[:200]!r}" for line in gone[len(come) :]]
    told += [f"a row is new: {line[:200]!r}" for line in come[len(gone) :]]
    return told[:8]
