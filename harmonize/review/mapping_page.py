"""A mapping as people read it: each column's way to OMOP in words, value sets with their concepts, coverage, examples.

`python -m harmonize.review.mapping_page` writes docs/mappings/ for all shipped mappings.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from harmonize.engine.paths import require_checkout, root, sql
from harmonize.engine.sql_text import quote
from harmonize.mapping.compiler.compile import load_mapping, mappings
from harmonize.mapping.explain.describe import columns_of, excluded_of
from harmonize.review.concepts import by_code
from harmonize.review.decisions import read_decisions, standings
from harmonize.review.mappings import review_folder, reviewed_rows
from harmonize.review.usage import LEAST_ROWS, usage
from harmonize.schema.ddl import tables
from harmonize.schema.load import load_schema
from harmonize.vocabulary.sssom import NO_TERM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from duckdb import DuckDBPyConnection

MOST_VALUES = 3
_KEYS = ("_key", "_id", "uid", "_uids")
_MASK = (
    "regexp_replace(regexp_replace(regexp_replace(h.{slot}::VARCHAR, '[0-9]', '9', 'g'), '[A-Z]', 'A', 'g'), "
    "'[a-z]', 'a', 'g')"
)


def documentation(name: str, con: DuckDBPyConnection | None = None, folder: Path | None = None) -> dict[str, Any]:
    """All that a mapping does, JSON-ready: columns, excluded, value_sets; with a store also coverage and examples.

    coverage: cells by column (records, empty, loaded, context, excluded, quarantined). examples: the most
    frequent values by `part` and `target`, in 11 rows at least; codes and listed values as they are, of all
    others only the form (9 for a digit, A and a for letters). `folder` has the value sets and decisions, the user's
    among them (harmonize.review.place), where it is not the mapping's own.
    """
    shown: dict[str, Any] = {
        "mapping": load_mapping(name).name,
        "columns": columns_of(name),
        "excluded": excluded_of(name),
        "value_sets": value_sets(name, con, folder),
    }
    if con is not None:
        cursor = con.execute(sql("review/coverage"), {"mapping": shown["mapping"]})
        keys = [column[0] for column in cursor.description or ()]
        shown["coverage"] = {row[0]: dict(zip(keys[1:], row[1:], strict=True)) for row in cursor.fetchall()}
        shown["examples"] = _examples(con, shown["mapping"], shown["columns"])
    return shown


def value_sets(name: str, con: DuckDBPyConnection | None = None, folder: Path | None = None) -> list[dict[str, Any]]:
    """Each row of the value sets with the concept it means, as the store's vocabulary has it, else the starter.

    vocabulary, column, value, label, match, code, concept_id, concept, domain, standard, valid, state of review; rows
    that use it, with a store. concept_id and what follows are None where the vocabulary has no such code.
    """
    folder = folder or review_folder(name)
    rows = reviewed_rows(folder)
    concepts = by_code([one.object for one in rows], con)
    counts = usage(con, [one.subject for one in rows]) if con is not None else None
    standing = standings(rows, read_decisions(folder))
    shown = []
    for one in rows:
        vocabulary, _, code = one.subject.partition(":")
        column, _, value = code.partition("#")
        concept = concepts.get(one.object)
        shown.append(
            {
                "vocabulary": vocabulary,
                "column": column,
                "value": value,
                "label": one.row["subject_label"],
                "match": ("not " if one.row["predicate_modifier"] else "")
                + one.predicate.removeprefix("skos:").removesuffix("Match"),
                "code": "" if one.object == NO_TERM else one.object,
                "concept_id": concept.concept_id if concept else None,
                "concept": concept.name if concept else one.row["object_label"] or None,
                "domain": concept.domain if concept else None,
                "standard": concept.standard if concept else None,
                "valid": concept.valid if concept else None,
                "state": standing[one.hash].state,
                "comment": one.row["comment"],
                "file": one.path.name,
                **({} if counts is None else {"rows": counts.get(one.subject, 0)}),
            }
        )
    return shown


def _examples(con: DuckDBPyConnection, mapping: str, columns: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    classes, hub = load_schema("midrc").classes, set(tables(load_schema("midrc")))
    targets = dict.fromkeys(tuple(row["target"].split(".", 1)) for row in columns)
    found = []
    for table, slot in targets:
        if table not in hub or slot not in classes[table].slots or slot.endswith(_KEYS):
            continue
        wanted = classes[table].slots[slot]
        listed = slot.endswith("coding") or wanted.permissible_values is not None or wanted.range == "boolean"
        shown = f"h.{quote(slot)}::VARCHAR" if listed else _MASK.format(slot=quote(slot))
        query = sql("review/example").format(table=table, slot=slot, shown=shown)
        rows = con.execute(query, {"mapping": mapping, "least": LEAST_ROWS, "most": MOST_VALUES}).fetchall()
        found += [{"part": part, "target": f"{table}.{slot}", "value": value, "rows": n} for part, value, n in rows]
    return found


def page(name: str, con: DuckDBPyConnection | None = None, folder: Path | None = None) -> str:
    """The mapping as Markdown: its columns, the rows that each class becomes, value sets, what is left out.

    `folder` as for `documentation`.
    """
    return "".join(_page(documentation(name, con, folder), con))


def _page(shown: dict[str, Any], con: DuckDBPyConnection | None) -> Iterator[str]:
    title = shown["mapping"]
    yield f"# {title}\n\nMade by `python -m harmonize.review.mapping_page`; do not edit. What becomes of the source: "
    yield "slots of the\n[hub](../schema.md), the columns of OMOP that they reach, how, and when. With "
    yield f"`harmonize mapping show\n{title} --markdown --db STORE`: also what became of the cells, frequent values.\n"
    yield from _columns(shown["columns"], shown.get("coverage"))
    concepts = by_code((_constant(row) for row in shown["columns"]), con)
    names = {code: one.name for code, one in concepts.items()} | {
        f"{row['vocabulary']}:{row['column']}": row["concept"]
        for row in shown["value_sets"]
        if row["concept"] and not row["value"]
    }
    for (owner, table), rows in groupby(sorted(shown["columns"], key=_group), key=_group):
        yield f"\n## {owner} → {table}\n"
        yield from _rows(list(rows), names, _by_place(shown.get("examples", ())))
    yield from _value_sets(shown["value_sets"])
    if shown["excluded"]:
        yield "\n## Excluded\n\n"
        yield _table(("class", "column", "reason"), ((r["class"], r["column"], r["reason"]) for r in shown["excluded"]))


def _group(row: dict[str, Any]) -> tuple[str, str]:
    return row["class"], row["target"].partition(".")[0]


def _slot(row: dict[str, Any]) -> str:
    return str(row["target"]).partition(".")[2]


def _constant(row: dict[str, Any]) -> str:
    """The text that a slot always is, or nothing."""
    return row["how"].removeprefix("= ") if row["how"].startswith("= ") else ""


def _columns(rows: list[dict[str, Any]], coverage: dict[str, dict[str, int]] | None) -> Iterator[str]:
    """A line a column: the OMOP columns it reaches, and what became of its cells."""
    yield "\n## Columns\n\n"
    lines = []
    read = sorted((row for row in rows if row["column"]), key=lambda row: (row["class"], row["column"]))
    for (owner, column), same in groupby(read, key=lambda row: (row["class"], row["column"])):
        of_column = list(same)
        hub = dict.fromkeys(row["target"] for row in of_column if not row["target"].endswith("_"))
        omop = dict.fromkeys(name for row in of_column for name in row["omop"].split(" | ") if name)
        line = [owner, column, ", ".join(hub) or "only decides whether there is a row", ", ".join(omop)]
        if coverage is not None:
            line.append(_coverage(coverage[column]) if column in coverage else "")
        lines.append(line)
    yield _table(("class", "column", "hub", "OMOP", *(("cells",) if coverage is not None else ())), lines)


def _coverage(cells: dict[str, int]) -> str:
    names = ("loaded", "context", "excluded", "quarantined", "empty")
    return f"{cells['records']:,}: " + ", ".join(f"{cells[name]:,} {name}" for name in names if cells[name])


def _by_place(examples: Iterable[dict[str, Any]]) -> dict[tuple[str, str], str]:
    places: dict[tuple[str, str], str] = {}
    for row in examples:
        key = (row["part"], row["target"])
        places[key] = "; ".join(filter(None, (places.get(key), f"{row['value']} ({row['rows']:,})")))
    return places


def _rows(rows: list[dict[str, Any]], names: dict[str, str], examples: dict[tuple[str, str], str]) -> Iterator[str]:
    """The slots of one class with what is alike in all its rows, then a line for each row with what is its own."""
    by_part = {part: list(same) for part, same in groupby(sorted(rows, key=_part), key=lambda row: row["part"])}
    said: dict[str, dict[str, set[str]]] = {}
    for part, same in by_part.items():
        for row in same:
            said.setdefault(_slot(row), {}).setdefault(part, set()).add(row["words"])
    alike = {
        slot
        for slot, parts in said.items()
        if len(parts) == len(by_part) and len({min(w) for w in parts.values()}) == 1
    }
    lines = []
    for row in {_slot(row): row for row in rows if not _slot(row).endswith("_")}.values():
        reached = row["omop"].replace(" | ", ", ") or ("" if row["note"] else "the hub only")
        how = _how(row, names) if _slot(row) in alike else "below"
        lines.append((_slot(row), reached, row["note"], how))
    yield "\n" + _table(("slot", "OMOP", "note", "how"), lines) + "\n"
    head = ("row", "when", "its own", *(("examples",) if examples else ()))
    lines_of_parts = []
    for part, same in by_part.items():
        unique = {_slot(row): row for row in same if not _slot(row).endswith("_")}
        own = "; ".join(f"{slot}: {_how(row, names)}" for slot, row in unique.items() if slot not in alike)
        shown = (f"{slot}: {text}" for slot, row in unique.items() if (text := examples.get((part, row["target"]))))
        lines_of_parts.append((part, same[0]["condition"] or "always", own, *(("; ".join(shown),) if examples else ())))
    yield _table(head, lines_of_parts)


def _part(row: dict[str, Any]) -> tuple[int, str]:
    return row["first_line"], row["part"]


def _how(row: dict[str, Any], names: dict[str, str]) -> str:
    """In words; a constant code with the name of its concept."""
    name = names.get(_constant(row))
    return f"{row['words']} ({name})" if name else str(row["words"])


def _value_sets(rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield "\n## Value sets\n\nConcepts are those of the vocabulary at hand; without an id, it has no such code.\n"
    counted = "rows" in rows[0]
    head = ["column", "value", "match", "code", "concept", "id", "domain", "standard", "valid", "review"]
    for file, of_file in groupby(rows, key=lambda row: row["file"]):
        yield f"\n### {file}\n\n"
        yield _table(
            [*head, *(["rows"] if counted else []), "comment"],
            (
                [
                    row["column"],
                    row["value"] or row["label"],
                    row["match"] if row["code"] else "none",
                    row["code"],
                    row["concept"],
                    row["concept_id"],
                    row["domain"],
                    _yes(row["standard"]),
                    _yes(row["valid"]),
                    row["state"].replace("_", " "),
                    *([f"{row['rows']:,}"] if counted else []),
                    row["comment"],
                ]
                for row in of_file
            ),
        )


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _cell(value: Any) -> str:
    """A text that Markdown shows as it is."""
    text = "" if value is None else " ".join(str(value).split())
    for mark in "\\|*`<[]":
        text = text.replace(mark, f"\\{mark}" if mark != "<" else "&lt;")
    return text


def pages() -> dict[str, str]:
    """The files of docs/mappings by name: a page for each shipped mapping, and an index."""
    files = {f"{name.replace('/', '-')}.md": page(name) for name in mappings()}
    links = "".join(f"- [{name}]({name.replace('/', '-')}.md)\n" for name in mappings())
    head = (
        "# The shipped mappings\n\nOne page each, made by `python -m harmonize.review.mapping_page`; do not edit.\n\n"
    )
    return files | {"index.md": head + links}


def write_pages(folder: Path) -> None:
    """Write `pages` into a folder, in place of what was there."""
    folder.mkdir(exist_ok=True)
    wanted = pages()
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    require_checkout()
    write_pages(root("mappings").parent / "docs" / "mappings")
