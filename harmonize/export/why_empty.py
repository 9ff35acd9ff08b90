"""Why SQL of an analyst found nothing, as far as the file itself says it.

What a statement reads is looked up in sql/queries/reads.tsv, which names the needs (sql/queries/needs) of a relation:
the sentences that a shipped question would tell of the same lack.
"""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.paths import root
from harmonize.export.ask_question import all_needs
from harmonize.export.door import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from harmonize.export.frames import Limits, Values

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_OF_IMAGES = {"images", "series", "readings", "persons", "shifted-dates"}
"""Needs of statements that look at no clinical day."""
_LINKED = ("linked", "midrc", "harmonize")
_MOST_PROJECTS = 20
"""Of a longer list of projects, the first are looked at."""


def why_empty(path: Path, statement: str, limits: Limits, wait: float, *, internal: bool = False) -> list[str]:
    """Sentences that say why a statement that found nothing may have found nothing; none where nothing is known."""
    sentences: list[str] = []
    for text, bound in asked_of(statement):
        try:
            with ask(path, text, format="json", limits=limits, wait=wait, bound=bound, internal=internal) as answer:
                sentences += [row["sentence"] for row in json.loads(b"".join(answer) or b"[]")]
        except (InputError, StoreError):  # a file of others, or of an older release, has not what the sentences read
            continue
    return list(dict.fromkeys(sentences))


def asked_of(statement: str) -> Iterator[tuple[str, Values]]:
    """The SELECTs of sentences for a statement, each with what is bound to it: one a project that it names."""
    from sqlglot import exp, parse
    from sqlglot.errors import SqlglotError

    try:
        trees = [tree for tree in parse(statement, dialect="duckdb") if tree is not None]
    except (SqlglotError, RecursionError):
        return
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        return
    tree = trees[0]
    wanted = list(_needs(tree))
    if not wanted:
        return
    projects: list[str | None] = [*_projects(tree)] or [None]
    for project in projects:
        yield all_needs(["project", *wanted] if project else wanted, {"project": project, "basis": None})


def _needs(tree: Any) -> Iterable[str]:
    """The names of the needs of what a statement reads, each once."""
    from sqlglot import exp

    relations = {_relation(table) for table in tree.find_all(exp.Table)}
    known = [_reads()[relation] for relation in sorted(relations) if relation in _reads()]
    if "linked.event" in relations:
        known += [_reads()[name] for text in _texts(tree) if (name := f"omop.{text}") in _reads()]
    columns = {column.name.lower() for column in tree.find_all(exp.Column)}
    if known and any(_DAY.match(text) for text in _texts(tree)):
        known.append("shifted-dates")
    if columns & {"study_date", "series_date"} and not _OF_IMAGES.issuperset(known):
        known.append("moved-images")
    return dict.fromkeys(known)


def _relation(table: Any) -> str:
    """The relation as reads.tsv names it: the CDM may have another schema in a published file."""
    schema = table.db.lower()
    return f"{schema if schema in _LINKED else 'omop'}.{table.name.lower()}"


def _texts(tree: Any) -> list[str]:
    from sqlglot import exp

    return [literal.this for literal in tree.find_all(exp.Literal) if literal.is_string]


def _projects(tree: Any) -> list[str]:
    """The projects that a statement names: `project_id = 'P'` or `project_id IN ('P', 'Q')`."""
    from sqlglot import exp

    named: list[str] = []
    for test in tree.find_all(exp.EQ, exp.In):
        column = next((part for part in test.find_all(exp.Column) if part.name.lower() == "project_id"), None)
        if column is not None and not test.find(exp.Query):
            named += [part.this for part in test.find_all(exp.Literal) if part.is_string]
    return list(dict.fromkeys(named))[:_MOST_PROJECTS]


@cache
def _reads() -> dict[str, str]:
    with (root("sql") / "queries" / "reads.tsv").open(encoding="utf-8", newline="") as stream:
        return {row["relation"]: row["needs"] for row in csv.DictReader(stream, delimiter="\t")}
