"""Draft a site's mapping as a folder: schema, specification, value set, excluded columns, project, decisions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from harmonize.engine.errors import InputError
from harmonize.onboarding.draft import Draft, new_draft
from harmonize.onboarding.draft_entries import entries, excluded, spare
from harmonize.onboarding.draft_schema import enum_name, schema
from harmonize.onboarding.draft_values import decide_units, known_units, mark_conditions, sssom, subjects, values

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.onboarding.scan import Scan

_HEAD = "# Drafted by `harmonize mapping init`. What is marked `suggested:` or `undecided:` awaits a person.\n"
_WIDTH = 118


@dataclass(frozen=True)
class Written:
    """The folder that was written, its files, and what a person must decide, by topic."""

    folder: Path
    files: tuple[str, ...]
    decisions: dict[str, list[str]]


def init_mapping(scan: Scan, site: str, folder: Path, vocabulary: DuckDBPyConnection) -> Written:
    """Write the draft of a mapping of the profiled files into `folder`, which must be new or empty.

    `vocabulary` is a store in which concepts are looked for. Raises InputError for a folder that holds files, a name
    that a mapping cannot have, files in which nothing names patients.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder} is there already.", "Name another folder with --out, or remove it.")
    draft = new_draft(scan, site, known_units(vocabulary))
    mark_conditions(vocabulary, draft)
    derivations = entries(draft)
    left = excluded(draft)
    drafted = {(entry["populated_from"], entry["slot_derivations"]["part_"]["value"]) for entry in derivations}
    decide_units(scan, draft)
    rows = values(vocabulary, draft, subjects(scan, draft, drafted))
    files = {
        "schema.yaml": _HEAD + _yaml(schema(scan, draft)),
        f"{site}.map.yaml": _HEAD + _yaml(_specification(draft, derivations)),
        "values.sssom.tsv": sssom(draft, rows),
        "excluded.tsv": "".join("\t".join(row) + "\n" for row in [("class", "column", "reason"), *left]),
        "project.yaml": f"{_HEAD}time:\n  policy: {draft.policy}\n",
        "decisions.md": _decisions(draft, spare(draft, left)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Written(folder, tuple(files), draft.decisions)


def _specification(draft: Draft, derivations: list[dict[str, Any]]) -> dict[str, Any]:
    enums = {enum_name(table, column): {"mirror_source": True} for table in draft.tables for column in table.listed}
    return {
        "id": f"https://w3id.org/midrc-harmonize/mappings/{draft.site}",
        "title": f"{draft.site} to the hub",
        "source_schema": "schema.yaml",
        "target_schema": "midrc",
        **({"enum_derivations": enums} if enums else {}),
        "class_derivations": derivations,
    }


def _yaml(document: dict[str, Any] | list[dict[str, Any]]) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None)


def _decisions(draft: Draft, copies: list[dict[str, Any]]) -> str:
    lines = [
        f"# {draft.site}: what a person must decide",
        "",
        "Go through the points, correct the files, and tick each point that is settled. Then: `harmonize mapping",
        "check`, a golden case for each oddity, `harmonize validate`, `harmonize load`.",
    ]
    for topic, sentences in draft.decisions.items():
        lines += ["", f"## {topic}", "", *(f"- [ ] {sentence}" for sentence in sentences)]
    if copies:
        lines += [
            "",
            "## To copy",
            "",
            f"What keeps an undecided column as an observation. Copy it to the end of {draft.site}.map.yaml and take",
            "the column's line out of excluded.tsv.",
            "",
            "```yaml",
            _yaml(copies).rstrip(),
            "```",
            "",
            "Each has its row at the end of values.sssom.tsv, which gives it a name, and a concept where you know one",
            "in place of `sssom:NoTermFound`.",
            "",
            "```tsv",
            *_rows_to_copy(copies),
            "```",
        ]
    return "\n".join(lines) + "\n"


def _rows_to_copy(copies: list[dict[str, Any]]) -> list[str]:
    """A row of values.sssom.tsv for each code that the derivations to copy make."""
    named = {entry["slot_derivations"]["coding"]["value"]: entry["description"] for entry in copies}
    return [
        "\t".join((code, name, "skos:exactMatch", "sssom:NoTermFound", "", "semapv:LexicalMatching", "", ""))
        for code, name in named.items()
    ]
