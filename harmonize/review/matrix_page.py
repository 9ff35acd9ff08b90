"""The matrix as one HTML page: arrow keys walk the cells, filters narrow the rows.

Without its script it is a plain table with every reason beside its match. On paper it is the sums and the rows in which
consortia differ, or what a reader's filters leave where that is short.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from harmonize.report.blocks import Bar, SentFile, Table, TableColumn, made_now, table
from harmonize.report.page import render
from harmonize.review.matrix import MATCHES, counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harmonize.report.blocks import Made
    from harmonize.review.crosswalk import Crosswalk
    from harmonize.review.matrix import Cell, Line

ON_PAPER = 150
"""So many rows are printed as they are (matrix.js has the same number); of more only those that differ."""
LEGEND = (
    (("exact", "close"), "the same, or nearly"),
    (("broad", "narrow"), "the other side is broader, narrower"),
    (("related",), "near in another way, or a pattern of several that only together say it"),
    (("none",), "looked for and not there, with the reason"),
    (("gap",), "nobody has looked"),
)
_SECTIONS = (("counts", "In numbers"), ("matrix", "Matrix"), ("files", "Files"))
_SAME = ("exact", "close")


@dataclass(frozen=True)
class Shown:
    """A cell with what only shows when it is chosen."""

    cell: Cell
    objects: tuple[tuple[str, str], ...]
    more: str


def sent_files(walk: Crosswalk) -> list[SentFile]:
    """The mapping sets of a consortium, decisions of reviewers among them, as they are read now."""
    found = []
    for one in walk.sets:
        content = one.path.read_bytes()
        name, version = f"consortia/{walk.name}/{one.path.name}", str(one.head.get("object_source_version", ""))
        found.append(SentFile(name, len(content), sha256(content).hexdigest(), None, len(one.rows), version or None))
    return found


def dictionary_versions(walks: Sequence[Crosswalk]) -> str:
    """The versions of the dictionary that the mapping sets say they are of."""
    heads = (one.head for walk in walks for one in walk.sets)
    return ", ".join(dict.fromkeys(str(version) for head in heads if (version := head.get("subject_source_version"))))


def matrix_page(
    lines: Sequence[Line],
    titles: Mapping[str, str],
    files: Sequence[SentFile] = (),
    *,
    dictionary: str = "",
    made: Made | None = None,
) -> str:
    """The page. `titles` gives each consortium's long name, shown in the column's head; `files` are what was read, of
    those versions of the dictionary."""
    names = {name: name.replace("_", " ") for name in titles}
    differing = sum(line.differs for line in lines)
    return render(
        "matrix.html",
        styles=("matrix.css",),
        script="matrix.js",
        title="The MIDRC dictionary beside other consortia",
        made=made or made_now(),
        sections=_SECTIONS if files else _SECTIONS[:2],
        facts=[("Version of the dictionary", dictionary)] if dictionary else [],
        legend=LEGEND,
        tiles=[
            ("properties", sum(not line.value for line in lines)),
            ("values", sum(bool(line.value) for line in lines)),
            ("consortia", len(titles)),
            ("rows in which consortia differ", differing),
        ],
        matches=_matches(lines, titles),
        nodes=_nodes(lines, names),
        node_names=[(node, node) for node in dict.fromkeys(line.node for line in lines)],
        match_names=[(match, match) for match in MATCHES],
        columns=list(enumerate(names.values(), 1)),
        heads=[(names[name], title) for name, title in titles.items()],
        lines=lines,
        cells=_shown,
        differing=differing,
        whole=len(lines) <= ON_PAPER,
        files=files,
    )


def _matches(lines: Sequence[Line], titles: Mapping[str, str]) -> Table:
    """A row a consortium: how many properties by match."""
    rows = [
        {**row, "consortium": f"{row['consortium'].replace('_', ' ')}: {titles[row['consortium']]}"}
        for row in counts([line for line in lines if not line.value])
    ]
    return table(rows, "Properties by match")


def _nodes(lines: Sequence[Line], names: Mapping[str, str]) -> Table:
    """A row a node: its rows, how many differ, and what share of them each consortium has exactly or closely."""
    total: Counter[str] = Counter(line.node for line in lines)
    differ: Counter[str] = Counter(line.node for line in lines if line.differs)
    same = Counter((line.node, name) for line in lines for name, cell in line.cells.items() if cell.match in _SAME)
    rows: list[dict[str, Any]] = [
        {
            "node": node,
            "rows": count,
            "differ": differ[node],
            **{name: Bar(same[node, name] / count, f"{same[node, name]:,}") for name in names},
        }
        for node, count in total.items()
    ]
    columns = (
        TableColumn("node", "Node"),
        TableColumn("rows", "Rows", "number"),
        TableColumn("differ", "Differ", "number"),
        *(TableColumn(name, title, "bars") for name, title in names.items()),
    )
    return Table("Rows that are exact or close, by node", columns, rows)


def _shown(line: Line) -> list[Shown]:
    return [
        Shown(cell, tuple(zip(cell.objects, map(_label, cell.objects, cell.labels), strict=True)), _more(cell))
        for cell in line.cells.values()
    ]


def _more(cell: Cell) -> str:
    """Concept, confidence and reviewers."""
    told = (
        f"OMOP concept {', '.join(map(str, sorted(cell.concepts)))}" if cell.concepts else "",
        f"confidence {cell.confidence}" if cell.confidence else "",
        f"reviewed by {cell.reviewers.replace('|', ', ')}" if cell.reviewers else "not reviewed",
    )
    return "; ".join(filter(None, told))


def _label(code: str, label: str) -> str:
    """The object's name, where its code does not say it already."""
    return f" ({label})" if label and not code.endswith(label) else ""
