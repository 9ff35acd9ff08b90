"""Crosswalks: files that say which cases are one person. Loaded at any time, and taken back without a trace."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, InternalError, did_you_mean
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.intake.discover import discover
from harmonize.intake.table.stage import drop_staged, stage_file
from harmonize.pipeline import changes
from harmonize.pipeline.derive import group_cases, new_run
from harmonize.pipeline.finish import derive_again
from harmonize.validation.table.findings import register_rules

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.intake.table.staged import Staged

REQUIRED = ("project_id_1", "case_key_1", "project_id_2", "case_key_2")
OPTIONAL = ("day_difference", "basis", "same_time_base")
PAIR = ", ".join(REQUIRED)


@dataclass(repr=False)
class CrosswalkResult(Shown):
    """What a crosswalk did: its pairs by what became of them, then the state of the whole store.

    `unknown` counts pairs to be removed that the store does not hold; `merged_persons` persons of several cases;
    `same_as` pairs of persons that stay two; `waiting` pairs with a case that is not loaded; `contradictory` cases that
    are not merged because two ways through the pairs give different days.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    unknown: int
    merged_persons: int
    same_as: int
    waiting: int
    contradictory: int
    rows: dict[str, dict[str, int]]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize crosswalk load --json` prints."""
        return {**vars(self), "seconds": round(self.seconds, 3)}

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        names = ("added", "changed", "unchanged", "removed", "unknown")
        parts = [f"{count:,} {name}" for name in names if (count := getattr(self, name))]
        lines = [
            f"Pairs of cases: {', '.join(parts) or 'none'}, {self.seconds:.1f} s.",
            f"Persons of several cases: {self.merged_persons:,}. Persons that are one and stay two, for want of a "
            f"shared time base: {self.same_as:,} pairs. Pairs that wait for a case to be loaded: {self.waiting:,}.",
        ]
        if self.contradictory:
            lines.append(
                f"{self.contradictory:,} cases are not merged: two ways through the pairs give different days."
            )
        return lines


def load_crosswalk(store: Store, path: Path) -> CrosswalkResult:
    """Take in the pairs of a CSV or TSV and merge the cases that are loaded; the others as soon as they are.

    Columns: project_id_1, case_key_1, project_id_2, case_key_2, and optionally day_difference (days to add to the
    second case's dates in OMOP to get the first's), same_time_base (true, false) and basis. A pair that is known with
    other statements is changed; a file loaded again changes nothing.
    Raises InputError, naming line and column, for a file that cannot be taken as a whole; then nothing is committed.
    """
    return _apply(store, path, remove=False)


def remove_crosswalk(store: Store, path: Path) -> CrosswalkResult:
    """Take the pairs of the file out again, whatever else it says of them; persons become what they were.

    Raises InputError as `load_crosswalk`.
    """
    return _apply(store, path, remove=True)


def _apply(store: Store, path: Path, *, remove: bool) -> CrosswalkResult:
    started = time.perf_counter()
    con = store.con
    try:
        staged, name = _stage(con, path)
        with store.transaction():
            changes.begin(con)
            register_rules(con)
            _read_pairs(con, staged, name)
            counts = _remove_pairs(con) if remove else _add_pairs(con)
            con.execute(sql("persons/paired_case"))
            if counts["added"] or counts["changed"] or counts["removed"]:
                run = derive_again(con)
            else:
                run = new_run(con)
            group_cases(run)
            totals = con.execute(sql("persons/crosswalk_counts")).fetchone()
            if totals is None:
                raise InternalError("The crosswalk gave no counts.")
            result = CrosswalkResult(**counts, **_totals(totals), rows=changes.count_changes(con), seconds=0.0)
    finally:
        drop_staged(con)
    result.seconds = time.perf_counter() - started
    return result


def _totals(row: tuple[Any, ...]) -> dict[str, int]:
    return dict(zip(("merged_persons", "same_as", "waiting", "contradictory"), map(int, row), strict=True))


def _stage(con: DuckDBPyConnection, path: Path) -> tuple[Staged, str]:
    """Stage the one table that `path` holds. Raises InputError for anything else, and for wrong columns."""
    tables = [file for file in discover([path]) if file.is_table]
    if len(tables) != 1:
        raise InputError(f"{path} holds {len(tables)} tables; a crosswalk is one CSV or TSV.")
    row = con.execute("SELECT coalesce(max(file_id), 0) + 1 FROM harmonize.source_file").fetchone()
    staged = stage_file(con, tables[0], int(row[0]) if row else 1)
    name = tables[0].name
    known = (*REQUIRED, *OPTIONAL)
    for header in staged.headers:
        if header not in known:
            raise InputError(f"{name}, line 1: {header!r} is no column of a crosswalk.", did_you_mean(header, known))
    for header in REQUIRED:
        if header not in staged.headers:
            raise InputError(f"{name}, line 1: the column {header} is missing.", f"Expected: {', '.join(known)}.")
    for finding in staged.findings:
        if finding.rule == "duplicate_header":
            raise InputError(f"{name}, line 1: the header names {finding.column} more than once.")
    return staged, name


def _read_pairs(con: DuckDBPyConnection, staged: Staged, name: str) -> None:
    """Temp table stated_pair. Raises InputError naming the first line and cell that cannot be taken."""
    broken = con.execute(
        "SELECT line, rule FROM stage.bad_line WHERE file_id = ? ORDER BY line LIMIT 1", [staged.file_id]
    ).fetchone()
    if broken:
        raise InputError(
            f"{name}, line {broken[0]}: the line cannot be read ({broken[1]}).",
            f"It must have {len(staged.headers)} cells; cells that hold the delimiter belong in quotes.",
        )
    cells = [
        f"nullif(trim({header}), '') AS {header}" if header in staged.headers else f"NULL::VARCHAR AS {header}"
        for header in (*REQUIRED, *OPTIONAL)
    ]
    con.execute(sql("persons/read_pairs").format(cells=", ".join(cells), table=staged.table))
    bad = con.execute(sql("persons/bad_pair")).fetchone()
    if bad:
        line, column, value, expected = bad
        said = "is empty" if value is None else f"is {value!r}"
        raise InputError(f"{name}, line {line}: {column} {said}; expected: {expected}.")
    con.execute(sql("persons/stated_pair"))
    twice = con.execute(
        "SELECT line, case_key_1, case_key_2 FROM stated_pair WHERE statements > 1 ORDER BY line LIMIT 1"
    ).fetchone()
    if twice:
        raise InputError(
            f"{name}, line {twice[0]}: the pair {twice[1]!r} and {twice[2]!r} stands on several lines that differ; "
            "expected: one line a pair."
        )


def _add_pairs(con: DuckDBPyConnection) -> dict[str, int]:
    """Insert new pairs and replace changed ones; temp table changed_pair holds both."""
    con.execute(sql("persons/changed_pair"))
    con.execute(f"DELETE FROM harmonize.crosswalk WHERE ({PAIR}) IN (SELECT ({PAIR}) FROM changed_pair)")
    con.execute(
        f"INSERT INTO harmonize.crosswalk SELECT {PAIR}, day_difference, same_time_base, basis FROM changed_pair"
    )
    added, changed, stated = _count(
        con, "count(*) FILTER (is_new), count(*) FILTER (NOT is_new), (SELECT count(*) FROM stated_pair)"
    )
    return {"added": added, "changed": changed, "unchanged": stated - added - changed, "removed": 0, "unknown": 0}


def _remove_pairs(con: DuckDBPyConnection) -> dict[str, int]:
    """Delete the pairs that the store holds; temp table changed_pair holds them."""
    con.execute(sql("persons/removed_pair"))
    con.execute(f"DELETE FROM harmonize.crosswalk WHERE ({PAIR}) IN (SELECT ({PAIR}) FROM changed_pair)")
    removed, stated = _count(con, "count(*), (SELECT count(*) FROM stated_pair)")
    return {"added": 0, "changed": 0, "unchanged": 0, "removed": removed, "unknown": stated - removed}


def _count(con: DuckDBPyConnection, counts: str) -> tuple[int, ...]:
    row = con.execute(f"SELECT {counts} FROM changed_pair").fetchone()
    return tuple(map(int, row or ()))
