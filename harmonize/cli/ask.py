"""`harmonize ask`: the shipped questions, each a documented query with parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import AnyDb, Internal, Json, Memory, Wait, Who

if TYPE_CHECKING:
    from harmonize.export.frames import Fetched
    from harmonize.export.questions import Question

app = typer.Typer(help="Ask a shipped question of a store or a published file.", no_args_is_help=True)
Parameters = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="K=V", help="A parameter of the question (repeatable); K= gives none."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A question (see `list`).")]


@app.command("list")
def list_(json: Json = False) -> None:
    """List the questions."""
    from harmonize.export.questions import questions

    found = questions()
    if json:
        console.print_json([question.to_json() for question in found])
    else:
        console.print_rows([{"question": one.name, "title": one.title} for one in found])
        console.say("What one takes and gives: harmonize ask show NAME")


@app.command()
def show(name: Name, json: Json = False) -> None:
    """Show who asks a question, what may be given, which columns come, and its SQL."""
    from harmonize.export.questions import question

    found = question(name)
    if json:
        console.print_json(found.to_json())
    else:
        _show(found)


@app.command()
def run(
    name: Name,
    db: AnyDb,
    param: Parameters = None,
    format: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="How the rows are written.")] = (
        "table"
    ),
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Most rows (default: 10,000 in a table, else all).")
    ] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit.")] = 600.0,
    internal: Internal = False,
    who: Who = None,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Ask a question. What the file lacks for it, and why there is no row, is said on stderr."""
    from harmonize.export.ask_question import ask_question
    from harmonize.release.answer import read_for
    from harmonize.release.reading import Reading

    def run_on(file: Path, inside: bool) -> Fetched:
        return ask_question(
            file, name, given(param or []), limit=limit, seconds=seconds, format=format, output=output, wait=wait,
            memory=memory, internal=inside, tell=_warn,
        )  # fmt: skip

    outcome = read_for(db, Reading(f"ask {name}", internal, who, wait, memory, console.say), run_on)
    if outcome.truncated:
        console.say(f"Only the first {outcome.rows:,} rows are shown; allow more with --limit.")


def _warn(sentence: str) -> None:
    console.say(f"Warning: {sentence}")


def given(texts: list[str]) -> dict[str, str]:
    """The parameters as they are typed. Raises InputError for one without a sign, and for one that is given twice."""
    from harmonize.engine.errors import InputError

    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise InputError(f"{text!r} is no parameter with a value.", "Write it as --param days=3.")
        if name in found:
            raise InputError(f"The parameter {name} is given twice.")
        found[name] = value
    return found


def _show(question: Question) -> None:
    console.echo(f"{question.name}: {question.title}")
    console.echo(f"Asked by: {question.asked_by}")
    for note in question.notes:
        console.echo(f"Note: {note}")
    console.echo()
    console.print_table(
        ["parameter", "type", "default", "meaning"],
        [
            [one.name, "|".join(one.choices) or one.type, _default(one.default), one.meaning]
            for one in question.parameters
        ],
    )
    console.echo()
    console.print_table(["column", "meaning"], [list(column) for column in question.columns])
    console.echo(f"\n{question.sql}")


def _default(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
