"""What a command prints: data to stdout, messages and progress to stderr.

All that people read goes through here, where it is made safe to show (engine.plain); documents for programs stay exact.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from harmonize.engine.plain import document_out, plain, plain_line
from harmonize.engine.progress import Meter

Report = Callable[[str], None]
"""Called by long work with what it does now."""

LONGEST_CELL_ON_TERMINAL = 60
_quiet = False


def set_quiet(quiet: bool) -> None:
    """Leave out messages and progress (errors are always shown)."""
    global _quiet
    _quiet = quiet


def say(text: str) -> None:
    """A message for a person."""
    if not _quiet:
        print(plain(text), file=sys.stderr)


def fail(message: str, hint: str | None = None) -> None:
    """An error: one sentence on one line, then what to do."""
    print(_one_line(message), file=sys.stderr)
    if hint:
        print(f"hint: {_one_line(hint)}", file=sys.stderr)


def _one_line(text: str) -> str:
    return plain_line(re.sub(r"\s*\n\s*", " ", text.strip()))


def echo(text: str = "", *, end: str = "\n") -> None:
    """Text for a person, on stdout."""
    sys.stdout.write(plain(text) + end)


def write(document: str) -> None:
    """A document for a program (CSV, HTML, YAML), exactly; a terminal, where no program reads it, gets it cleaned."""
    document_out().write(document.encode())


@contextmanager
def progress(label: str) -> Iterator[Meter]:
    """A running bar with the present step on a terminal, one line a step elsewhere; yields what reports.

    Where the work says how many bytes it has (Meter.expect), the bar shows how many are done, in percent, too, and the
    time that is left.
    """
    if _quiet or not sys.stderr.isatty():
        yield Meter(lambda step: say(f"{label}: {step}"))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text

    meter = Meter(lambda _step: None, shown=True)

    class Told(ProgressColumn):
        """What the meter says; the bar goes as far as that."""

        def render(self, task: Task) -> Text:
            if meter.total:
                task.total, task.completed = 1.0, meter.fraction()
            return Text(meter.told())

    columns = (TextColumn("{task.description}"), BarColumn(), Told(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(plain_line(label)), total=None)
        meter.say = lambda step: bar.update(task, description=escape(plain_line(f"{label}: {step}")))
        yield meter


def print_json(value: Any) -> None:
    """One JSON document; dates, decimals and paths as their text."""
    import orjson

    document_out().write(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2) + b"\n")


def print_record(rows: Sequence[dict[str, Any]], empty: str = "Nothing to show.") -> None:
    """Few rows of many fields: one field a line, a blank line between rows; fields that are NULL are left out."""
    if not rows:
        say(empty)
    for number, row in enumerate(rows):
        if number:
            echo()
        width = max(len(name) for name in row)
        for name, value in row.items():
            if value is not None:
                echo(f"{name:<{width}}  {value}")


def print_rows(rows: Sequence[dict[str, Any]], empty: str = "Nothing to show.") -> None:
    """Rows of equal keys as a table; the sentence `empty` (a message) where there is none."""
    if rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        say(empty)


def print_found(rows: Sequence[dict[str, Any]], as_json: bool, empty: str) -> None:
    """Rows as one JSON document, or as a table with the sentence `empty` (a message) where there is none."""
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, empty)


def print_table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Aligned columns; on a terminal long cells are cut."""
    from harmonize.report.table import table_text

    longest = LONGEST_CELL_ON_TERMINAL if sys.stdout.isatty() else None
    sys.stdout.write(table_text(headers, rows, longest))
