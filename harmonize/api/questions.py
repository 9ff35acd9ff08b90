"""The shipped questions: `harmonize ask` in Python. On an open store: `db.ask(name, ...)`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from harmonize.api.shapes import AnyPath, Record, Rows, Told, as_path, rows

__all__ = ["list", "run", "show"]
Texts = list[str]  # `list` is a call below


def list() -> Rows:
    """The shipped questions, with who asks them."""
    from harmonize.export.questions import questions

    return rows({"name": one.name, "title": one.title, "asked_by": one.asked_by} for one in questions())


def show(name: str) -> Record:
    """One question: its parameters with their defaults, its columns, notes and SQL."""
    from harmonize.export.questions import question

    return Record(question(name).to_json())


def run(
    db: AnyPath,
    name: str,
    parameters: Mapping[str, str | int | float | bool | None] | None = None,
    *,
    limit: int | None = None,
    seconds: float = 600.0,
    format: Literal["table", "csv", "json"] = "json",
    output: AnyPath | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Told:
    """The rows of a question on a store or published file that is not open, confined as `harmonize.query` is.

    `.notes` say what the file lacks for the question. With `output` the rows are written to that file in `format`, and
    none are given.
    """
    import orjson

    from harmonize.engine.work_folder import work_folder
    from harmonize.export.ask_question import ask_question

    notes: Texts = []
    with work_folder("ask") as folder:
        target = as_path(output) or Path(folder) / "rows.json"
        ask_question(
            Path(db),
            name,
            parameters or {},
            limit=limit,
            seconds=seconds,
            format=format if output is not None else "json",
            output=target,
            wait=wait,
            memory=memory,
            tell=notes.append,
        )
        found = [] if output is not None else orjson.loads(target.read_bytes() or b"[]")
    return Told(found, notes)
