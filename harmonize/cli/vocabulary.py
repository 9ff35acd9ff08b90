"""harmonize vocabulary: load an Athena download, say what is loaded, search concepts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harmonize.cli.console import echo, print_json, print_rows, print_table, progress, say
from harmonize.cli.options import Db, Json, Memory, NoBackup, Wait
from harmonize.cli.stores import opened

if TYPE_CHECKING:
    from harmonize.pipeline.acts.vocabulary import Replaced

_MOST_SHOWN = 50

app = typer.Typer(no_args_is_help=True, help="The OMOP vocabulary of a store: load, status, search.")


@app.command("load")
def load_command(
    download: Annotated[Path, typer.Argument(help="Folder or zip of an Athena vocabulary download.")],
    db: Db,
    as_json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Replace the store's vocabulary by an Athena download; what it lacks comes from the shipped starter.

    Rows that are loaded are standardized anew; which concepts changed, and in how many rows of which table, is told.
    """
    from harmonize.pipeline.acts.vocabulary import load_vocabulary

    with (
        opened(db, create=True, wait=wait, memory=memory, no_backup=no_backup) as store,
        progress("vocabulary") as report,
    ):
        report(f"load {download}")
        summary = load_vocabulary(store, download)
    for warning in summary.warnings:
        say(f"Warning: {warning}")
    if as_json:
        print_json(summary.to_json())
        return
    echo(f"Vocabulary {summary.version or 'of an unstated release'} from {summary.source}")
    print_table(["table", "rows"], list(summary.rows.items()))
    echo(
        f"{summary.download:,} concepts of the download, {summary.starter:,} of the starter that it lacks, "
        f"{summary.custom:,} custom"
    )
    _say_what_changed(summary)


def _say_what_changed(summary: Replaced) -> None:
    """What the new vocabulary made of the rows, the concepts with most rows first."""
    if not summary.changed:
        echo(f"Before: {summary.before or 'an unstated release'}. No row of the store changed.")
        return
    echo(f"Before: {summary.before or 'an unstated release'}. Rows of the store that changed:")
    print_rows([{"table": table, **counts} for table, counts in summary.changed.items()])
    if summary.concepts:
        print_rows([_concept_row(row) for row in summary.concepts[:_MOST_SHOWN]])
    if (more := len(summary.concepts) - _MOST_SHOWN) > 0:
        say(f"{more:,} more; all of them: --json")


def _concept_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "change": row["change"],
        "column": f"{row['omop_table']}.{row['column_name']}",
        "source value": row["source_value"],
        "before": row["before"],
        "after": row["after"],
        "domain": row["domain_after"] or row["domain_before"],
        "rows": row["rows"],
    }


@app.command("status")
def status_command(db: Db, as_json: Json = False, wait: Wait = 10.0) -> None:
    """Show the vocabulary of a store, and what the starter adds to it."""
    from harmonize.vocabulary.status import status

    with opened(db, read_only=True, wait=wait) as store:
        found = status(store.con)
    if as_json:
        print_json(found)
        return
    layers: dict[str, int] = found["layers"]
    echo(f"Release   {found['version'] or 'not stated'}")
    echo(f"Loaded    {found['loaded_at'] or 'never'} from {found['source'] or '-'}")
    echo("Concepts  " + ", ".join(f"{count:,} {layer}" for layer, count in layers.items()))
    if found["starter_in_use"]:
        echo("The download lacks, the starter gives:")
        print_rows(found["starter_in_use"])
    print_rows(found["vocabularies"])


@app.command("search")
def search_command(
    term: Annotated[str, typer.Argument(help="A code, a CURIE such as LOINC:2951-2, or words of a name.")],
    db: Db,
    domain: Annotated[str | None, typer.Option(help="Only concepts of this domain, e.g. Measurement.")] = None,
    vocabulary: Annotated[str | None, typer.Option(help="Only concepts of this vocabulary, e.g. LOINC.")] = None,
    standard: Annotated[bool, typer.Option("--standard", help="Only standard concepts.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 20,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Find concepts by code, name or synonym, the best fit first."""
    from harmonize.vocabulary.search import search

    with opened(db, read_only=True, wait=wait) as store:
        rows = search(store.con, term, limit, domain, vocabulary, standard)
    if as_json:
        print_json(rows)
    else:
        print_rows([_search_row(row) for row in rows], empty=f"No concept fits {term!r}.")


def _search_row(row: dict[str, Any]) -> dict[str, str]:
    state = {"S": "standard", "C": "classification"}.get(row["standard_concept"], "")
    return {
        "concept_id": str(row["concept_id"]),
        "concept": f"{row['vocabulary_id']}:{row['concept_code']}",
        "domain": row["domain_id"],
        "state": "retired" if row["invalid_reason"] else state,
        "name": row["concept_name"],
    }
