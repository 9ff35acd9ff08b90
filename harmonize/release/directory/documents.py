"""The documents of a release: read-me with answers, terms, dictionary, quality, links, risk; no count of few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import root, sql
from harmonize.engine.yaml_text import read_yaml
from harmonize.quality.quality import document, quality
from harmonize.quality.small_cells import told
from harmonize.report.blocks import made_now, table
from harmonize.report.page import render
from harmonize.schema.ddl import columns, tables
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from harmonize.engine.store import Store
    from harmonize.release.deid.risk import Risk
    from harmonize.report.blocks import Table


def answers(about: dict[str, str]) -> list[tuple[str, str]]:
    """The questions of users with their answers."""
    found = read_yaml(root("sql") / "release" / "data_use.yaml")
    return [(one["question"], one["answer"].format(**about)) for one in found]


def write_documents(folder: Path, store: Store, about: dict[str, str], told_of: dict[str, Any], found: Risk) -> None:
    """Write them beside the data; `store` is the published file."""
    con = store.con
    _write_readme(folder, about, told_of)
    for name in ("citation", "acknowledgement", "terms"):
        (folder / f"{name}.txt").write_text(about[name] + "\n", encoding="utf-8")
    _page(folder / "dictionary.html", "Data dictionary", "Every table and column of the release.", dictionary(con))
    links = [("links", "Images and clinical records", table(_links(con), "Counts of fewer than 11 are not told"))]
    _page(folder / "links.html", "Images and clinical records", "How many studies are linked to persons.", links)
    (folder / "quality.html").write_text(document(store, quality(store), "html"), encoding="utf-8")
    (folder / "risk.json").write_bytes(orjson.dumps(found.to_json(leaves=True), option=orjson.OPT_INDENT_2) + b"\n")


def _write_readme(folder: Path, about: dict[str, str], told_of: dict[str, Any]) -> None:
    title = f"{about['title']}: {told_of['project']} {told_of['version']}"
    lead = (
        f"{about['description']} Side: {told_of['side']}. Built on {told_of['built_at']}. "
        f"{told_of['profile']['kind']}, profile {told_of['profile']['name']}."
    )
    asked = answers(about)
    text = "".join(f"\n## {question}\n\n{answer}\n" for question, answer in asked)
    (folder / "README.md").write_text(f"# {title}\n\n{lead}\n{text}", encoding="utf-8")
    paragraphs = [(f"q{number}", question, answer) for number, (question, answer) in enumerate(asked, 1)]
    page = render(
        "release.html", title=title, made=made_now(), sections=[(a, q) for a, q, _ in paragraphs], lead=lead,
        paragraphs=paragraphs, tables=[],
    )  # fmt: skip
    (folder / "README.html").write_text(page, encoding="utf-8")


def _page(file: Path, title: str, lead: str, shown: Iterable[tuple[str, str, Table]]) -> None:
    found = list(shown)
    page = render(
        "release.html", title=title, made=made_now(), sections=[(anchor, name) for anchor, name, _ in found],
        lead=lead, paragraphs=[], tables=found,
    )  # fmt: skip
    file.write_text(page, encoding="utf-8")


def dictionary(con: DuckDBPyConnection) -> list[tuple[str, str, Table]]:
    """A section for each table and view of the file: what LinkML, else the file's own comment, says of each column."""
    known = {
        (schema, name): columns(cls)
        for schema in ("omop", "midrc")
        for name, cls in tables(load_schema(schema)).items()
    }
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for schema, name, column, kind, comment in con.execute(
        "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal "
        "AND database_name = current_database() ORDER BY schema_name, table_name, column_index"
    ).fetchall():
        slot = known.get((schema, name), {}).get(column)
        rows.setdefault((schema, name), []).append(
            {
                "column": column,
                "type": kind,
                "description": (slot.description if slot else "") or comment or "",
                "values": ", ".join((slot.permissible_values if slot else None) or ()),
                "unit": (slot.unit if slot else None) or "",
            }
        )
    return [
        (f"{schema}-{name}", f"{schema}.{name}", table(cells, f"{schema}.{name}"))
        for (schema, name), cells in rows.items()
    ]


def _links(con: DuckDBPyConnection) -> list[dict[str, Any]]:
    row = con.execute(sql("release/links")).fetchone() or (0, 0, 0, 0)
    names = ("studies", "studies linked to a person", "patients with images", "persons with images")
    return [{"what": name, "count": told(count)} for name, count in zip(names, row, strict=True)]
