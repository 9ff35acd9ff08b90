"""What a load did, in numbers and in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InternalError
from harmonize.engine.paths import sql
from harmonize.engine.shown import Shown
from harmonize.pipeline import changes
from harmonize.pipeline.ledger.ledger import STATES
from harmonize.validation.undated import undated_kinds, undated_sentence

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.engine.steps import Ran
    from harmonize.pipeline.phases import Phase


@dataclass(repr=False)
class LoadResult(Shown):
    """What a load did: the numbers of `load --json` and the sentences for people."""

    submission: int
    files: int
    states: dict[str, int]
    records: int
    cells_quarantined: int
    findings: dict[str, int]
    rows: dict[str, dict[str, int]]
    seconds: float
    undated: dict[str, int] = field(default_factory=dict)
    without_era: int = 0
    waiting: int = 0
    notes: list[str] = field(default_factory=list)
    steps: list[Ran] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    size: int = 0

    @property
    def negative(self) -> bool:
        """Whether the result is negative: records were quarantined or still are (`waiting`: of earlier loads of the
        project), or there are findings of severity error."""
        return self.states["quarantined"] + self.waiting > 0 or self.findings["errors"] > 0

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize load --json` prints."""
        return {
            "submission": self.submission,
            "files": self.files,
            "records": self.records,
            **self.states,
            "waiting": self.waiting,
            "no_date": self.undated,
            "cells_quarantined": self.cells_quarantined,
            "findings": self.findings,
            "rows": self.rows,
            "seconds": round(self.seconds, 3),
            "balanced": True,
        }

    def explain_lines(self) -> list[str]:
        """The parts of the load with their seconds, and those of all cores together; the bytes of the files; the steps
        that ran, in order, with the rows that each made, added or changed, and milliseconds (docs/steps.md)."""
        lines = [f"{'part':<40} {'s':>12} {'CPU s':>9}"]
        lines += [f"{part.name:<40} {part.seconds:>12.2f} {part.core_seconds:>9.2f}" for part in self.phases]
        lines.append(f"{'all':<40} {self.seconds:>12.2f} {sum(part.core_seconds for part in self.phases):>9.2f}")
        if self.size:
            rate = f" ({self.size / 1e6 / self.seconds:,.1f} MB/s)" if self.seconds else ""
            lines.append(f"{self.size:,} bytes in {self.files:,} file{'' if self.files == 1 else 's'}{rate}")
        lines += ["", f"{'step':<40} {'rows':>12} {'ms':>9}"]
        for ran in self.steps:
            rows = "" if ran.rows is None else f"{ran.rows:,}"
            lines.append(f"{ran.step:<40} {rows:>12} {1000 * ran.seconds:>9.1f}")
        seconds = sum(ran.seconds for ran in self.steps)
        return [*lines, f"{len(self.steps)} steps, {seconds:.2f} s of {self.seconds:.2f} s."]

    def summary_lines(self) -> list[str]:
        """The result in sentences."""
        parts = [f"{count:,} {state}" for state, count in self.states.items() if count]
        lines = [
            f"Submission {self.submission}: {self.records:,} records in {self.files} file"
            f"{'' if self.files == 1 else 's'}: {', '.join(parts) or 'none'} (balanced), {self.seconds:.1f} s.",
            *self.notes,
        ]
        if self.findings["errors"] or self.findings["warnings"]:
            lines.append(
                f"Findings: {self.findings['errors']:,} errors, {self.findings['warnings']:,} warnings; "
                f"{self.cells_quarantined:,} cells quarantined. "
                f"See: harmonize submission show {self.submission}"
            )
        if self.waiting:
            lines.append(
                f"  {self.waiting:,} records of earlier loads of the project are still quarantined; every load tries "
                "them again. See: harmonize ledger --records"
            )
        for sentence in undated_sentence(self.undated):
            lines.append(f"  {sentence} A line counts as loaded all the same for what else it tells.")
        if self.without_era:
            lines.append(
                f"  {self.without_era:,} drug exposures of the patients concerned are in no drug era, as they have no "
                "concept or one without a known ingredient. See: harmonize unmapped"
            )
        for table, change in self.rows.items():
            moved = [f"{change[what]:,} {what}" for what in ("inserted", "replaced", "deleted") if change[what]]
            if moved:
                lines.append(f"  {table:<22} {', '.join(moved)}; {change['total']:,} in all")
        return lines


def result_of(con: DuckDBPyConnection, submission: int, project: str, files: int) -> LoadResult:
    """The numbers of a submission, before it is committed; `changes.begin` was called before its first row."""
    waiting = con.execute(sql("ledger/waiting"), {"project": project, "submission": submission}).fetchone()
    sums = con.execute(
        f"SELECT sum(records), {', '.join(f'sum({state})' for state in STATES)} FROM harmonize.source_file "
        "WHERE submission_id = ?",
        [submission],
    ).fetchone()
    found = con.execute(sql("ledger/finding_counts"), {"submission": submission}).fetchone()
    if sums is None or found is None or waiting is None:
        raise InternalError("The ledger gave no sums.")
    return LoadResult(
        submission=submission,
        files=files,
        records=int(sums[0] or 0),
        states={state: int(sums[i + 1] or 0) for i, state in enumerate(STATES)},
        cells_quarantined=int(found[2]),
        findings={"errors": int(found[0]), "warnings": int(found[1])},
        rows=changes.count_changes(con),
        seconds=0.0,
        undated=undated_kinds(con, submission),
        waiting=int(waiting[0]),
    )
