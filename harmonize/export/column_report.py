"""What a publication did to each column, by which rule, and to how many cells: JSON or a page.

It may leave the house, so counts of fewer than 11 cells, and those that would tell them, are not in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.sql_text import quote
from harmonize.export.becoming import UNTOUCHED, Becoming, is_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.export.profiles import Profile
    from harmonize.export.stored_table import StoredTable

FORM = 1
"""Of the JSON; a newer one has another number."""


@dataclass(frozen=True)
class Measured:
    """A column: what became of it, and how many of its filled cells were kept, changed or withheld."""

    schema: str
    table: str
    column: str
    kind: str
    act: str
    rule: str
    citation: str
    filled: int
    published: int
    changed: int

    @property
    def withheld(self) -> int:
        """Cells that the store has and the file has not."""
        return self.filled - self.published


def measure(con: DuckDBPyConnection, table: StoredTable, profile: Profile) -> Iterator[Measured]:
    """The columns of one table, as its rows would be published; the vocabulary tells of nobody and is left out."""
    if is_vocabulary(table):
        return
    counted = _counts(con, table, profile) if table.rows else {}
    for name, line in table.lines.items():
        rule, (filled, published, changed) = profile.rule_of(line.becomes), counted.get(name, (0, 0, 0))
        yield Measured(
            table.schema, table.name, name, line.becomes, rule.does[line.becomes], rule.name, rule.citation,
            filled, published, changed,
        )  # fmt: skip


def _counts(con: DuckDBPyConnection, table: StoredTable, profile: Profile) -> dict[str, tuple[int, int, int]]:
    """Of each column its filled cells, those that the file has as well, and those that are something else there."""
    becoming = Becoming(table, profile)
    becoming.join_policies()
    cells, sums = [], []
    for number, (name, line) in enumerate(table.lines.items()):
        before, after = f"before_{number}", f"after_{number}"
        cells.append(f"t.{quote(name)}::VARCHAR AS {before}")
        if line.becomes == "drop":
            sums.append(f"[count({before}), 0, 0]")
        elif line.becomes == "as_is" or (line.becomes in UNTOUCHED and profile.does(line.becomes) == "kept"):
            sums.append(f"[count({before}), count({before}), 0]")
        else:
            cells.append(f"({becoming.cell(line)})::VARCHAR AS {after}")
            both = f"{before} IS NOT NULL AND {after} IS NOT NULL"
            sums.append(f"[count({before}), count(*) FILTER ({both}), count(*) FILTER ({before} <> {after})]")
    query = f"SELECT {', '.join(sums)} FROM (SELECT {', '.join(cells)} {becoming.rows()})"
    row = con.execute(query).fetchone() or ()
    return {name: (counts[0], counts[1], counts[2]) for name, counts in zip(table.lines, row, strict=True)}


def write_report(file: Path, form: str, profile: Profile, reference: str | None, measured: Sequence[Measured]) -> None:
    """Write the report as `form` (.json or .html) into a file."""
    told = report(profile, reference, measured)
    if form == ".json":
        import orjson

        file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    else:
        file.write_text(_page(profile, told), encoding="utf-8")


def report(profile: Profile, reference: str | None, measured: Sequence[Measured]) -> dict[str, Any]:
    """The report as one object: the profile with its rules, then the columns. A count that is not told is null."""
    return {
        "form": FORM,
        "profile": profile.name,
        "title": profile.title,
        "citation": profile.citation,
        "kind": profile.kind,
        "reference": reference,
        "rare": profile.rare if "common" in (profile.does("text"), profile.does("term")) else None,
        "rules": [
            {
                "rule": rule.name,
                "citation": rule.citation,
                "says": rule.says,
                "does": rule.does,
                "scan": list(rule.scan),
            }
            for rule in profile.rules
        ],
        "columns": [_column(one) for one in measured],
    }


def _column(one: Measured) -> dict[str, Any]:
    from harmonize.quality.small_cells import LEAST, hidden

    parts = {"kept": one.published - one.changed, "changed": one.changed, "withheld": one.withheld}
    untold = hidden(parts)
    return {
        "schema": one.schema,
        "table": one.table,
        "column": one.column,
        "kind": one.kind,
        "act": one.act,
        "rule": one.rule,
        "citation": one.citation,
        "filled": None if 0 < one.filled < LEAST else one.filled,
        **{name: None if name in untold else count for name, count in parts.items()},
    }


def _page(profile: Profile, told: dict[str, Any]) -> str:
    from harmonize.quality.small_cells import FEW, LEAST
    from harmonize.report.blocks import made_now, table
    from harmonize.report.page import render

    rules = [
        {"rule": rule.name.replace("_", " "), "citation": rule.citation, "what it does": rule.says}
        for rule in profile.rules
    ]
    tables: dict[str, list[dict[str, Any]]] = {}
    for column in told["columns"]:
        counts = {
            name: FEW if column[name] is None else column[name] for name in ("filled", "kept", "changed", "withheld")
        }
        if column["filled"] != 0:
            shown = {
                "column": column["column"],
                "becomes": f"{column['kind']}: {column['act']}",
                "rule": column["rule"],
            }
            tables.setdefault(f"{column['schema']}.{column['table']}", []).append({**shown, **counts})
    return render(
        "columns.html",
        title=f"What became of each column: {profile.title}",
        made=made_now(),
        sections=[("rules", "Rules"), *((f"table-{n}", name) for n, name in enumerate(tables))],
        profile=profile,
        reference=told["reference"],
        rules=table(rules, "Rules"),
        tables=[(f"table-{n}", name, table(rows, name)) for n, (name, rows) in enumerate(tables.items())],
        least=LEAST,
    )
