"""Writes docs/fhir-others.md from the sets that are installed: python tests/fhir_others/others_page.py [NAME ...]

It loads each into a store of its own, and says what became of every type and what an independent reading counts.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import omop_rows  # noqa: E402
from comparison import Comparison, compare  # noqa: E402
from install import Set, folder, sets  # noqa: E402

from harmonize.engine.store import open_store  # noqa: E402
from harmonize.pipeline.load import load  # noqa: E402
from harmonize.pipeline.store_schema import create  # noqa: E402

PAGE = HERE.parents[1] / "docs" / "fhir-others.md"
_STATES = ("loaded", "context", "excluded", "quarantined")


def files_of(name: str) -> list[Path]:
    """The files of a set that hold resources; none where it is not installed."""
    found = sorted(path for path in (folder() / name).rglob("*") if path.suffix in (".json", ".ndjson"))
    return [path for path in found if path.name != "manifest.json"]


def page() -> str:
    """The page, of all sets that are installed."""
    heads, tables = [], []
    for one in sets():
        files = files_of(one.name)
        if not files:
            raise SystemExit(f"{one.name} is not in {folder()}: python tests/fhir_others/install.py {one.name}")
        with (
            tempfile.TemporaryDirectory() as room,
            open_store(Path(room) / "x.duckdb", create=True, initialise=create) as store,
        ):
            load(store, [folder() / one.name], source="fhir", project="Others")
            heads.append(_head(one, compare(store.con, files)))
            tables.append(_table(one, omop_rows.outcomes(store.con)))
    text = (HERE / "page.md").read_text(encoding="utf-8")
    for name, value in (("SETS", heads), ("EXCEPTIONS", _exceptions()), ("PACKAGES", _packages()), ("TABLES", tables)):
        text = text.replace(f"<!-- {name} -->", "\n".join(value).strip())
    return text


def _head(one: Set, found: Comparison) -> str:
    cells = [
        left if left == right else f"{left} / {right}"
        for left, right in zip(found.plain.line(), found.omop.line(), strict=True)
    ]
    return f"| {one.name} | {one.package} | {one.maker} | {' | '.join(cells)} |"


def _table(one: Set, outcomes: list[tuple[str, str, str | None, int]]) -> str:
    """Types × outcomes of a set, with the reasons."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    why: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for kind, state, reason, number in outcomes:
        counts[kind][state if state in _STATES else "other"] += number
        if reason:
            why[kind][state].add(f"`{reason}`")
        elif state not in _STATES:
            why[kind]["other"].add(state)
    lines = [
        f"\n### {one.name}\n",
        "| Resource type | records | loaded | context | excluded | quarantined | other | why |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for kind in sorted(counts):
        shown = [f"{counts[kind][state]:,}" if counts[kind][state] else "" for state in (*_STATES, "other")]
        reasons = "; ".join(f"{state}: {', '.join(sorted(some))}" for state, some in sorted(why[kind].items()))
        lines.append(f"| {kind} | {sum(counts[kind].values()):,} | {' | '.join(shown)} | {reasons} |")
    return "\n".join(lines)


def _exceptions() -> list[str]:
    with (HERE / "exceptions.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [f"| {r['set']} | `{r['rule']}` | {r['element']} | {r['what']} | {r['breaks']} |" for r in rows]


def _packages() -> list[str]:
    with (HERE / "packages.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [f"| {r['package']} | {r['index']} | {r['holds']} | {r['set']} |" for r in rows]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
