"""The shipped questions: `harmonize ask` in Python. On an open store: `db.ask(name, ...)`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from harmonize.api.shapes import AnyPath, Record, Rows, Told, as_path, rows

if TYPE_CHECKING:
    from harmonize.export.frames import Fetched

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
    internal: bool = False,
    who: str | None = None,
    wait: float = 10.0,
    memory: str | None = None,
) -> Told:
    """The rows of a question on a store or published file that is not open, confined as `harmonize.query` is.

    `.notes` say what the file lacks for the question. With `output` the rows are written to that file in `format`, and
    none are given. With `internal` what is embargoed, rejected or sequestered is read, too, which the audit log says.
    """
    import orjson

    from harmonize.engine.work_folder import work_folder
    from harmonize.export.ask_question import ask_question
    from harmonize.release.answer import read_for
    from harmonize.release.reading import Reading

    notes: Texts = []
    with work_folder("ask") as folder:
        target = as_path(output) or Path(folder) / "rows.json"

        def run_on(file: Path, inside: bool) -> Fetched:
            return ask_question(
                file, name, parameters or {}, limit=limit, seconds=seconds,
                format=format if output is not None else "json", output=target, wait=wait, memory=memory,
                internal=inside, tell=notes.append,
            )  # fmt: skip

        read_for(Path(db), Reading(f"ask {name}", internal, who, wait, memory, notes.append), run_on)
        found = [] if output is not None else orjson.loads(target.read_bytes() or b"[]")
    return Told(found, notes)
