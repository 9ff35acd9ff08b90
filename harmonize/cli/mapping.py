"""harmonize mapping: list the shipped mappings, show what becomes of each column, check and test that one is sound."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harmonize.cli import exchange, init, matrix, review, suggest, view
from harmonize.cli.console import echo, print_json, print_rows, say
from harmonize.cli.options import Json, Wait
from harmonize.cli.places import Reviews, reading
from harmonize.cli.stores import opened, opened_or_starter

if TYPE_CHECKING:
    from harmonize.vocabulary.value_set_check import Problem

app = typer.Typer(no_args_is_help=True, help="Mappings: draft, check, test, compare, review, exchange.")
app.add_typer(view.app, name="view")
app.add_typer(review.app, name="review")
app.command("matrix")(matrix.matrix_command)
app.command("export")(exchange.export_command)
app.command("import")(exchange.import_command)
app.command("diff")(exchange.diff_command)
app.command("init")(init.init)
app.command("suggest")(suggest.suggest)
_NAMED = 4
Name = Annotated[str, typer.Argument(help="A mapping's name (see `list`), or the path of its folder.")]


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """List the shipped mappings: what they read, how many derivations, columns mapped and excluded."""
    from harmonize.mapping.compiler.compile import load_mapping, mappings
    from harmonize.mapping.explain.describe import summary

    rows = [summary(load_mapping(name)) for name in mappings()]
    if as_json:
        print_json(rows)
    else:
        print_rows([{**row, "classes": _named(row["classes"])} for row in rows], "No mapping is shipped.")


@app.command("show")
def show_command(
    name: Name,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page, with value sets and concepts.")] = False,
    db: Annotated[
        Path | None,
        typer.Option("--db", envvar="HARMONIZE_DB", help="Also what became of the cells in this store, and examples."),
    ] = None,
    reviews: Reviews = None,
    wait: Wait = 10.0,
) -> None:
    """Show what each source column becomes in the hub and in OMOP, in words, and which are excluded and why."""
    from harmonize.review.mapping_page import documentation, page

    with (
        reading(name, reviews, db) as folder,
        nullcontext() if db is None else opened(db, read_only=True, wait=wait) as store,
    ):
        con = store.con if store else None
        if markdown:
            echo(page(name, con, folder), end="")
            return
        shown = documentation(name, con, folder)
    if as_json:
        print_json(shown)
        return
    for (owner, column), rows in groupby(sorted(shown["columns"], key=_place), key=_place):
        cells = shown.get("coverage", {}).get(column)
        counted = f"   [{cells['loaded']:,} of {cells['records']:,} loaded]" if cells else ""
        echo(f"{owner}: {column or '(constants)'}{counted}")
        for row in rows:
            when = f"   when {row['when']}" if row["when"] else ""
            omop = f"   → {row['omop']}" if row["omop"] else ""
            echo(f"    {row['target']:<34} {row['how']}{when}{omop}   [line {row['line']}]")
    if shown["excluded"]:
        echo("\nExcluded")
        for row in shown["excluded"]:
            echo(f"    {row['class']}: {row['column']}   {row['reason']}")


def _place(row: dict[str, Any]) -> tuple[str, str]:
    return row["class"], row["column"]


@app.command("check")
def check_command(
    name: Annotated[str | None, typer.Argument(help="A mapping's name or folder; without it all shipped.")] = None,
    db: Annotated[
        Path | None,
        typer.Option("--db", envvar="HARMONIZE_DB", help="Look concepts up in its vocabulary, not in the starter."),
    ] = None,
    reviews: Reviews = None,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Check that a mapping compiles, accounts for every column, and has sound value sets; and that crosswalks are
    whole (consortia/NAME). Exit 1 if not.
    """
    from harmonize.review.check import checked

    names = [name] if name else checked()
    problems = _problems(names, db, reviews, wait)
    errors = sum(problem.level == "error" for _, problem in problems)
    if as_json:
        print_json({"sound": not errors, "problems": [_row(mapping, problem) for mapping, problem in problems]})
    else:
        for mapping, problem in problems:
            echo(f"{problem.level}: {mapping}/{problem.file}:{problem.line}: {problem.message}")
            if problem.hint:
                echo(f"  hint: {problem.hint}")
        say(f"{len(names)} mapping{'s' * (len(names) != 1)} checked: {errors} error{'s' * (errors != 1)}.")
        if db is None:
            say("Concepts were looked up in the shipped starter vocabulary; those that it lacks need --db STORE.")
    if errors:
        raise typer.Exit(1)


@app.command("test")
def cases_command(
    name: Annotated[
        str | None,
        typer.Argument(help="A mapping's name or folder, a folder or file of cases; without it all shipped cases."),
    ] = None,
    case: Annotated[str | None, typer.Option("--case", help="Only the cases with this text in their name.")] = None,
    as_json: Json = False,
) -> None:
    """Run golden cases, a few lines in and exact OMOP rows and ledger states out; exit 1 if one fails."""
    from harmonize.golden.find import find_cases
    from harmonize.golden.run import GoldenRunner

    outcomes = []
    with GoldenRunner() as runner:
        for golden in find_cases(name, case):
            outcome = runner.run(golden)
            outcomes.append(outcome)
            if not as_json:
                echo(f"{'ok  ' if outcome.passed else 'FAIL'} {golden.name}   [{golden.file}:{golden.line}]")
                for difference in outcome.differences:
                    echo(f"       {difference}")
    failed = sum(not outcome.passed for outcome in outcomes)
    if as_json:
        print_json({"passed": len(outcomes) - failed, "failed": failed, "cases": [o.to_json() for o in outcomes]})
    else:
        say(f"{len(outcomes)} case{'s' * (len(outcomes) != 1)}: {len(outcomes) - failed} passed, {failed} failed.")
    if failed:
        raise typer.Exit(1)


def _problems(names: list[str], db: Path | None, reviews: Path | None, wait: float) -> list[tuple[str, Problem]]:
    from harmonize.review import place
    from harmonize.review.check import check

    found = []
    with opened_or_starter(db, wait) as store:
        for name in names:
            with place.reading(name, reviews, db) as at:
                found += [(name, problem) for problem in check(name, store.con, whole=db is not None, place=at)]
    return found


def _row(mapping: str, problem: Problem) -> dict[str, Any]:
    from dataclasses import asdict

    return {"mapping": mapping, **asdict(problem)}


def _named(classes: list[str]) -> str:
    """The first few classes by name, and how many there are of more."""
    more = f" … ({len(classes)})" if len(classes) > _NAMED else ""
    return ", ".join(classes[:_NAMED]) + more
