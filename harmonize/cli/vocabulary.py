"""harmonize vocabulary: load an Athena download, say what is loaded, search concepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

app = typer.Typer(no_args_is_help=True, help="The OMOP vocabulary of a store: load, status, search.")

Db = Annotated[Path, typer.Option("--db", help="The store.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Wait = Annotated[
    float, typer.Option("--wait", help="Seconds to wait while another process has the store open.")
]


@app.command("load")
def load_command(
    download: Annotated[Path, typer.Argument(help="Folder or zip of an Athena vocabulary download.")],
    db: Db,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Replace the store's vocabulary by an Athena download; what it lacks comes from the shipped starter."""
    from harmonize.engine.store import open_store
    from harmonize.pipeline.store_schema import create
    from harmonize.pipeline.vocabulary import load_vocabulary

    with open_store(db, create=True, wait=wait, initialise=create) as store:
        summary = load_vocabulary(store, download)
    for warning in summary.warnings:
        typer.echo(f"Warning: {warning}", err=True)
    if as_json:
        typer.echo(json.dumps(summary.to_json()))
        return
    typer.echo(f"Vocabulary {summary.version or 'of an unstated release'} from {summary.source}")
    _table([(table, f"{rows:,} rows") for table, rows in summary.rows.items()])
    typer.echo(
        f"{summary.download:,} concepts of the download, {summary.starter:,} of the starter that it lacks, "
        f"{summary.custom:,} custom"
    )


@app.command("status")
def status_command(db: Db, as_json: Json = False, wait: Wait = 10.0) -> None:
    """Say which vocabulary a store holds, and what the starter fills in."""
    from harmonize.engine.store import open_store
    from harmonize.vocabulary.status import status

    with open_store(db, read_only=True, wait=wait) as store:
        found = status(store.con)
    if as_json:
        typer.echo(json.dumps(found))
        return
    layers: dict[str, int] = found["layers"]
    typer.echo(f"Release   {found['version'] or 'not stated'}")
    typer.echo(f"Loaded    {found['loaded_at'] or 'never'} from {found['source'] or '-'}")
    typer.echo("Concepts  " + ", ".join(f"{count:,} {layer}" for layer, count in layers.items()))
    if found["starter_in_use"]:
        typer.echo("The download lacks, the starter gives:")
        _table([(row["concept"], row["name"]) for row in found["starter_in_use"]])
    typer.echo("Vocabularies:")
    _table(
        (row["vocabulary_id"], f"{row['concepts']:,}", row["version"] or "") for row in found["vocabularies"]
    )


@app.command("search")
def search_command(
    term: Annotated[str, typer.Argument(help="A code, a CURIE such as LOINC:2951-2, or words of a name.")],
    db: Db,
    domain: Annotated[
        str | None, typer.Option(help="Only concepts of this domain, e.g. Measurement.")
    ] = None,
    vocabulary: Annotated[
        str | None, typer.Option(help="Only concepts of this vocabulary, e.g. LOINC.")
    ] = None,
    standard: Annotated[bool, typer.Option("--standard", help="Only standard concepts.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 20,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Find concepts by code, name or synonym, the best fit first."""
    from harmonize.engine.store import open_store
    from harmonize.vocabulary.search import search

    with open_store(db, read_only=True, wait=wait) as store:
        rows = search(store.con, term, limit, domain, vocabulary, standard)
    if as_json:
        typer.echo(json.dumps(rows))
    elif rows:
        _table(_search_row(row) for row in rows)
    else:
        typer.echo(f"No concept fits {term!r}.", err=True)


def _search_row(row: dict[str, Any]) -> tuple[str, ...]:
    state = {"S": "standard", "C": "classification"}.get(row["standard_concept"], "")
    retired = " (retired)" if row["invalid_reason"] else ""
    curie = f"{row['vocabulary_id']}:{row['concept_code']}"
    return str(row["concept_id"]), curie, row["domain_id"], state, row["concept_name"] + retired


def _table(rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows in columns as wide as their widest cell."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  " + "  ".join(cells).rstrip())
