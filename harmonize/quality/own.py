"""What the Data Quality Dashboard cannot see: the ledger, sites and loads beside each other, gaps, doubled rows.

sql/quality/own.tsv lists the checks. The statement of a check gives a row a site: site, violated, denominator, note.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from harmonize.engine.paths import root, sql
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.translate import first_line
from harmonize.quality.check import Check, Kind
from harmonize.quality.result import CheckResult
from harmonize.quality.run import Counted
from harmonize.schema.ddl import columns, tables
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duckdb import DuckDBPyConnection

NOTHING = "There is nothing to compare."


@dataclass(frozen=True)
class OwnCheck:
    """A check of our own, of one table: the hub's node that its rows are of, where it is compared."""

    kind: Kind
    table: str
    column: str
    node: str
    threshold: float
    needs_store: bool

    @property
    def text(self) -> str:
        """The whole statement."""
        slots = columns(tables(load_schema("omop"))[self.table])
        key = next((name for name, slot in slots.items() if slot.identifier), "person_id")
        others = ", ".join(f"t.{quote(name)}" for name in slots if name != key)
        return sql(f"quality/{self.kind.sql}").format(
            table=quote(self.table),
            table_name=literal(self.table),
            id=quote(key),
            field=quote(self.column),
            others=others,
            node=quote(self.node),
        )

    def of_site(self, site: str) -> Check:
        """As the result names it."""
        return Check(
            self.kind, self.table, self.column, threshold=self.threshold, sql=self.kind.sql, site=site, text=self.text
        )


def own_checks() -> Iterator[OwnCheck]:
    """All of them, in the order of the list."""
    with (root("sql") / "quality" / "own.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            for place in row["places"].split():
                name, _, node = place.partition(":")
                table, _, column = name.partition(".")
                kind = Kind(
                    row["check"],
                    "FIELD" if column else "TABLE",
                    row["category"],
                    row["subcategory"],
                    row["context"],
                    row["severity"],
                    row["sql"],
                    row["description"],
                )
                yield OwnCheck(kind, table, column, node, float(row["threshold"]), row["of"] == "store")


def own_results(
    con: DuckDBPyConnection, *, is_published: bool, progress: Callable[[str], None] | None = None
) -> list[CheckResult]:
    """What they find, a result a check and site; those that need the ledger are not of a published file."""
    con.execute(sql(f"quality/own/case_of_{'published' if is_published else 'store'}"))
    con.execute(sql("quality/own/site"))
    asked = [check for check in own_checks() if not (is_published and check.needs_store)]
    found: list[CheckResult] = []
    told: set[str] = set()
    for check in asked:
        if progress and check.kind.check not in told:
            progress(check.kind.check)
        told.add(check.kind.check)
        found += [CheckResult(one, None if one.denominator or one.error else NOTHING) for one in _counted(con, check)]
    return found


def _counted(con: DuckDBPyConnection, check: OwnCheck) -> list[Counted]:
    started = perf_counter()
    try:
        rows = con.execute(check.text).fetchall()
    except Exception as problem:  # noqa: BLE001 - a check that cannot be run is a result: the reason is told with it
        return [Counted(check.of_site(""), seconds=perf_counter() - started, error=first_line(problem))]
    seconds = (perf_counter() - started) / max(1, len(rows))
    told = sorted(rows, key=lambda row: row[0] or "") or [("", 0, 0, None)]
    return [
        Counted(check.of_site(site or ""), int(violated), int(rows_), seconds, note=note)
        for site, violated, rows_, note in told
    ]
