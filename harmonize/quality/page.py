"""The page of a quality run, and the report card of one site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harmonize.quality import draw
from harmonize.quality.small_cells import FEW, LEAST, share, told
from harmonize.report.blocks import Badge, Bar, Table, made_now, share_text, table
from harmonize.report.page import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harmonize.quality.facts import Facts
    from harmonize.quality.result import CheckResult, QualityResult
    from harmonize.report.blocks import Made
    from harmonize.report.store_facts import StoreFacts

MOST_FINDINGS = 200
_TONES = {"fatal": "error", "convention": "warning", "characterization": ""}


def quality_page(result: QualityResult, known: Facts, store: StoreFacts, made: Made | None = None) -> str:
    """The whole document. Counts of fewer than 11 persons or rows are not told."""
    is_card = known.site is not None
    parts: dict[str, Any] = {
        "findings": _findings(result.failed),
        "pyramid": draw.pyramid(known.pyramid),
        "months": draw.over_time(known.months),
        "images": draw.over_time(known.images),
        "heat": [] if is_card else draw.heat(_filled(result.results)),
        "mapped": _mapped(result.results),
        "unmapped": _unmapped(known),
        "deliveries": _deliveries(known),
        "new_rows": _new_rows(known),
    }
    return render(
        "quality.html",
        styles=("quality.css",),
        title=f"Report card of {known.site}" if is_card else "Quality of the data",
        made=made or made_now(),
        sections=[*_sections(parts), *([("files", "Files")] if store.files else [])],
        is_card=is_card,
        store=store,
        ok=result.ok,
        failed=len(result.failed),
        tiles=[
            ("checks passed", result.overview()["countPassed"]),
            ("checks failed", len(result.failed)),
            *((name, told(count)) for name, count in known.counted.items()),
        ],
        least=LEAST,
        seconds=result.seconds,
        **parts,
    )


def _sections(parts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "findings", "Findings"
    if parts["mapped"].rows:
        yield "mapped", "Mapped and unmapped"
    if parts["deliveries"].rows:
        yield "deliveries", "Deliveries"
    if parts["pyramid"]:
        yield "persons", "Persons"
    if parts["months"]:
        yield "events", "Events by month"
    if parts["images"]:
        yield "images", "Images by month"
    if parts["heat"]:
        yield "filled", "What is filled"


def _findings(failed: Sequence[CheckResult]) -> Table:
    """Failed checks; where few rows or all but few violate one, neither count nor share is told."""
    rows = [_finding(one) for one in failed[:MOST_FINDINGS]]
    caption = "Checks that failed" if len(failed) <= MOST_FINDINGS else f"The first {MOST_FINDINGS} checks that failed"
    return table(rows, caption)


def _finding(one: CheckResult) -> dict[str, Any]:
    check, counted = one.check, one.counted
    part = share(counted.violated, counted.denominator)
    return {
        "finding": f"{check.description} {one.note or ''}".strip(),
        "gravity": Badge(check.kind.severity, _TONES[check.kind.severity]),
        "violating": "not run" if one.is_error else _violating(one),
        "share": None if part is None else share_text(part),
        "allowed": share_text((check.threshold or 0) / 100),
        "check": check.kind.check,
    }


def _violating(one: CheckResult) -> str:
    """How many rows violate a check, where that may be told: of months, files, sites and columns always."""
    counted = one.counted
    if one.check.kind.check in ("monthGap", "ledgerBalance", "siteMissing", "cdmTable", "cdmField"):
        return f"{counted.violated:,}"
    if 0 < counted.denominator - counted.violated < LEAST:
        return "all, or all but few" if counted.violated >= LEAST else FEW
    return told(counted.violated)


def _filled(results: Sequence[CheckResult]) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """Tables with the share of rows that have a value, by column; tables of few rows are left out."""
    by_table: dict[str, list[tuple[str, float]]] = {}
    for one in results:
        if one.check.kind.check == "measureValueCompleteness" and one.counted.denominator >= LEAST:
            without = one.counted.violated
            part = share(without, one.counted.denominator)
            is_most = without * 2 > one.counted.denominator
            filled = 1 - part if part is not None else 0.0 if is_most else 1.0
            by_table.setdefault(one.check.table, []).append((one.check.column, filled))
    yield from by_table.items()


def _mapped(results: Sequence[CheckResult]) -> Table:
    """By site and table how many rows have a concept."""
    rows = []
    for one in results:
        if one.check.kind.check == "conceptZero" and one.counted.denominator:
            part = share(one.counted.violated, one.counted.denominator)
            rows.append(
                {
                    "site": one.check.site or "not known",
                    "table": one.check.table,
                    "rows": told(one.counted.denominator),
                    "with a concept": None if part is None else Bar(1 - part, tone="" if one.passed else "warning"),
                }
            )
    return table(rows, "Rows with a standard concept")


def _unmapped(known: Facts) -> Table:
    rows = [{"table": row["table"], "source value": row["value"], "rows": row["n"]} for row in known.unmapped]
    return table(rows, f"Source values without a concept, of {LEAST} persons and more")


def _deliveries(known: Facts) -> Table:
    """What became of the records of each delivery, as a trend of the share that was loaded or known already."""
    rows = []
    for row in known.deliveries:
        part = share(row["loaded"] + row["unchanged"], row["records"])
        refused = told(row["refused"])
        rows.append(
            {
                "delivery": row["submission"],
                "site": row["site"],
                "source": row["source"],
                "loaded on": str(row["loaded_on"]),
                "records": told(row["records"]),
                "refused": refused,
                "loaded or unchanged": None if part is None else Bar(part),
            }
        )
    return table(rows, "What became of the records of each delivery")


def _new_rows(known: Facts) -> Table:
    rows = [
        {"table": row["table"], "of the latest delivery": told(row["latest"]), "of earlier ones": told(row["earlier"])}
        for row in known.new_rows
    ]
    return table(rows, "Rows by the delivery that made or last changed them")
