"""Asking a shipped question through the door, and telling what the store lacks for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from harmonize.engine.errors import InputError
from harmonize.engine.sql_text import quote
from harmonize.export.door import Format, ask
from harmonize.export.frames import Fetched, Limits, Values
from harmonize.export.query import query
from harmonize.export.questions import Question, named, need, question

T = TypeVar("T")
_OLDER = re.compile(
    r"(Table|View|Schema) with name .* does not exist|Referenced column .* not found|does not have a column"
)


def ask_question(
    path: Path,
    name: str,
    given: Mapping[str, object],
    *,
    limit: int | None = None,
    seconds: float | None = None,
    format: Format = "table",
    output: Path | None = None,
    wait: float = 10.0,
    memory: str | None = None,
    internal: bool = False,
    tell: Callable[[str], None] | None = None,
) -> Fetched:
    """Run a shipped question on the file `path`, as `export.query.query` runs SQL; `given` are its parameters.

    `tell` gets, after the rows, what the store lacks for the question, and why there is no row where there is none.
    Raises InputError for an unknown question, parameter or value, and as `export.query.query`.
    """
    asked = question(name)
    values = asked.values(given)
    say = tell or (lambda _: None)
    limits = Limits(None, seconds, memory)

    def run(sql: str) -> Fetched:
        return query(
            path, sql, limit=limit, seconds=seconds, format=format, output=output, wait=wait, memory=memory,
            bound=asked.bound(values), internal=internal, tell=tell,
        )  # fmt: skip

    def select(sql: str, bound: Values | None = None) -> list[dict[str, str]]:
        with ask(path, sql, format="json", limits=limits, wait=wait, bound=bound, internal=internal) as answer:
            rows: list[dict[str, str]] = json.loads(b"".join(answer) or b"[]")
        return rows

    with translated():
        schema, outcome = in_its_schema(asked.sql, run, select)
        text, bound = needs(asked, values)
        lacking = [row["sentence"] for row in select(of_schema(text, schema), bound)]
    for sentence in sentences(asked, values, outcome.rows, lacking):
        say(sentence)
    return outcome


def told_of(path: Path, asked: Question, values: Values, rows: int, limits: Limits, wait: float) -> list[str]:
    """What a published file lacks for a question, and why there is no row where there is none."""
    text, bound = needs(asked, values)
    with ask(path, text, format="json", limits=limits, wait=wait, bound=bound) as answer:
        found = json.loads(b"".join(answer) or b"[]")
    return sentences(asked, values, rows, [row["sentence"] for row in found])


CDM = "omop"
"""The schema of the CDM, where a file was not published with another one."""
_WHERE_THE_CDM_IS = (
    "SELECT schema_name AS schema FROM duckdb_tables() WHERE table_name IN ('person', 'concept') AND NOT internal "
    "AND schema_name NOT IN ('midrc', 'linked', 'harmonize') GROUP BY schema_name HAVING count(*) = 2"
)


def in_its_schema(
    sql: str, run: Callable[[str], T], select: Callable[[str], Sequence[Mapping[str, str]]]
) -> tuple[str, T]:
    """What `run` makes of a shipped statement, and the schema that the file has the CDM in (`publish --cdm-schema`);
    `select` gives the rows of a SELECT."""
    try:
        return CDM, run(sql)
    except Exception as problem:
        found = [row["schema"] for row in select(_WHERE_THE_CDM_IS)] if _OLDER.search(str(problem)) else []
        if len(found) != 1 or found == [CDM]:
            raise
    return found[0], run(of_schema(sql, found[0]))


def of_schema(sql: str, schema: str) -> str:
    """A shipped statement with the tables of the CDM in a schema."""
    return sql if schema == CDM else re.sub(r"\bomop\.(?=[a-z])", lambda _: f"{quote(schema)}.", sql)


def needs(asked: Question, values: Values) -> tuple[str, Values]:
    """One SELECT of all sentences about what a store lacks for the question, and the values that it names."""
    return all_needs(("project", *asked.needs) if "project" in values else asked.needs, values)


def all_needs(wanted: Sequence[str], values: Values) -> tuple[str, Values]:
    """The same for needs by name."""
    parts = [f"(SELECT {place} AS place, sentence FROM (\n{need(one)}\n))" for place, one in enumerate(wanted)]
    text = "SELECT sentence FROM (\n" + "\nUNION ALL\n".join(parts) + "\n) ORDER BY place, sentence"
    return text, _only(named(text), values)


def _only(wanted: set[str], values: Values) -> Values:
    """The values of these parameters; a question that lacks one asks of all projects, with imputed days."""
    return {name: values.get(name, True if name == "imputed" else None) for name in wanted}


def sentences(asked: Question, values: Values, rows: int, lacking: list[str]) -> list[str]:
    """What is told of an answer."""
    if rows:
        return lacking
    given = ", ".join(f"{name}={_shown(value)}" for name, value in values.items() if value is not None)
    asked_with = f" with {given}" if given else ""
    return [
        f"No row: nothing in this file answers {asked.name}{asked_with}.",
        *lacking,
        f"What each parameter means: harmonize ask show {asked.name}",
    ]


@contextmanager
def translated() -> Iterator[None]:
    """Say that a file is of an older release, where it lacks a table that a question reads."""
    try:
        yield
    except Exception as problem:
        if _OLDER.search(str(problem)):
            raise older() from problem
        raise


def older() -> InputError:
    """What is told of a file without a table that a question reads."""
    return InputError(
        "This file is of an older release and lacks what the question reads.",
        "Bring a store up to date with `harmonize migrate`; publish a published file again.",
    )


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
