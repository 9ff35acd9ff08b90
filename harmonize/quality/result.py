"""The result of a quality run: checks that passed, failed, ended with an error or do not apply."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from harmonize.engine.shown import Shown
from harmonize.engine.version import __version__

if TYPE_CHECKING:
    from datetime import datetime

    from harmonize.quality.check import Check
    from harmonize.quality.run import Counted

CATEGORIES = ("Plausibility", "Conformance", "Completeness")
SEVERITIES = ("fatal", "convention", "characterization")
"""The Dashboard's words, the gravest first."""
MOST_SHOWN = 60


@dataclass(frozen=True)
class CheckResult:
    """What a check found. `reason` says why it cannot apply."""

    counted: Counted
    reason: str | None = None

    @property
    def check(self) -> Check:
        return self.counted.check

    @property
    def share(self) -> float:
        """Rows that violate it, of those that could."""
        return self.counted.violated / self.counted.denominator if self.counted.denominator else 0.0

    @property
    def note(self) -> str | None:
        """Of which site it is, and where exactly it was found."""
        parts = (f"Site {self.check.site}." if self.check.site else "", self.counted.note or "")
        return " ".join(part for part in parts if part) or None

    @property
    def failed(self) -> bool:
        """More rows than its threshold allows; an error that no missing table explains is no failure."""
        if self.reason or self.counted.error:
            return False
        limit = self.check.threshold
        return self.share * 100 > limit if limit else self.counted.violated > 0

    @property
    def is_error(self) -> bool:
        return self.counted.error is not None and self.reason is None

    @property
    def passed(self) -> bool:
        return not (self.failed or self.is_error or self.reason)

    def to_json(self) -> dict[str, Any]:
        """An entry of the Dashboard's CheckResults."""
        check, kind = self.check, self.check.kind
        broken = self.counted.error is not None
        return {
            "numViolatedRows": None if broken else self.counted.violated,
            "pctViolatedRows": None if broken else round(self.share, 6),
            "numDenominatorRows": None if broken else self.counted.denominator,
            "executionTime": f"{self.counted.seconds:.3f} secs",
            "queryText": check.query,
            "checkName": kind.check,
            "checkLevel": kind.level,
            "checkDescription": check.description,
            "cdmTableName": check.table.upper(),
            "cdmFieldName": check.column.upper() or None,
            "conceptId": check.concept_id or None,
            "unitConceptId": check.unit_concept_id or None,
            "sqlFile": f"{check.statement}.sql",
            "category": kind.category,
            "subcategory": kind.subcategory or None,
            "context": kind.context,
            "warning": None,
            "error": self.counted.error,
            "checkId": check.id,
            "failed": int(self.failed),
            "passed": int(self.passed),
            "isError": int(self.is_error),
            "notApplicable": int(self.reason is not None),
            "notApplicableReason": self.reason,
            "thresholdValue": check.threshold,
            "notesValue": self.note,
        }


@dataclass(frozen=True, repr=False)
class QualityResult(Shown):
    """All checks of a run, with the row of cdm_source as `metadata`."""

    results: list[CheckResult]
    metadata: list[dict[str, Any]]
    started: datetime
    ended: datetime
    notes: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[CheckResult]:
        """The checks that failed, the gravest first, of equal gravity those of most rows."""
        found = [one for one in self.results if one.failed or one.is_error]
        return sorted(
            found,
            key=lambda one: (SEVERITIES.index(one.check.kind.severity), -one.counted.violated, one.check.id),
        )

    @property
    def ok(self) -> bool:
        return not self.failed

    @property
    def seconds(self) -> float:
        return (self.ended - self.started).total_seconds()

    def of_site(self, site: str) -> QualityResult:
        """The checks that are of one site: our own."""
        return replace(self, results=[one for one in self.results if one.check.site == site])

    def to_json(self) -> dict[str, Any]:
        """The Dashboard's result file, which its viewer opens."""
        return {
            "startTimestamp": self.started.isoformat(sep=" ", timespec="seconds"),
            "endTimestamp": self.ended.isoformat(sep=" ", timespec="seconds"),
            "executionTime": f"{self.seconds:.1f} secs",
            "executionTimeSeconds": round(self.seconds, 3),
            "CheckResults": [one.to_json() for one in self.results],
            "Metadata": [_camel({**row, "dqd_version": f"midrc-harmonize {__version__}"}) for row in self.metadata],
            "Overview": self.overview(),
        }

    def overview(self) -> dict[str, Any]:
        """The Dashboard's counts; those of a category count its checks that can apply."""
        failed = sum(one.failed for one in self.results)
        errors = sum(one.is_error for one in self.results)
        passed = sum(one.passed for one in self.results)
        judged = passed + failed + errors
        counts = {
            "countTotal": len(self.results),
            "countPassed": passed,
            "countErrorFailed": errors,
            "countThresholdFailed": failed,
            "countOverallFailed": failed + errors,
            "percentPassed": round(100 * passed / judged, 2) if judged else 0.0,
            "percentFailed": round(100 * (failed + errors) / judged, 2) if judged else 0.0,
        }
        for word, chosen in (
            ("Total", self.results),
            ("Failed", [one for one in self.results if one.failed]),
            ("Passed", [one for one in self.results if one.passed]),
        ):
            by_category = Counter(one.check.kind.category for one in chosen)
            counts |= {f"count{word}{category}": by_category[category] for category in CATEGORIES}
        return counts

    def summary_lines(self) -> list[str]:
        """In sentences: how many checks there were, then a line for each that failed."""
        told = self.overview()
        not_applicable = sum(one.reason is not None for one in self.results)
        failed = self.failed
        lines = [
            f"{told['countTotal']:,} checks in {self.seconds:.1f} s: {told['countPassed']:,} passed, "
            f"{told['countThresholdFailed']:,} failed, {told['countErrorFailed']:,} ended with an error, "
            f"{not_applicable:,} do not apply (their table or column is empty).",
            *self.notes,
        ]
        for one in failed[:MOST_SHOWN]:
            lines += ["", *_sentences(one)]
        if len(failed) > MOST_SHOWN:
            lines += ["", f"And {len(failed) - MOST_SHOWN:,} more: see --format json."]
        return lines


def _sentences(one: CheckResult) -> list[str]:
    """A failed check in lines."""
    check, counted = one.check, one.counted
    place = ".".join(part for part in (check.table, check.column) if part)
    lines = [f"{check.kind.severity}: {check.kind.check} of {place or 'all tables'}", f"  {check.description}"]
    if counted.error is not None:
        return [*lines, f"  It could not be run: {counted.error}"]
    allowed = f" (allowed: {check.threshold:g} %)" if check.threshold else ""
    lines.append(f"  {counted.violated:,} of {counted.denominator:,}, {one.share:.2%}{allowed}")
    return lines + ([f"  {one.note}"] if one.note else [])


def _camel(row: dict[str, Any]) -> dict[str, Any]:
    """cdm_source_name → cdmSourceName, as the Dashboard writes names of columns."""
    parts = {name: name.split("_") for name in row}
    return {first + "".join(map(str.capitalize, rest)): row[name] for name, (first, *rest) in parts.items()}
