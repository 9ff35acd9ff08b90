"""`harmonize publish`: a copy for readers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import Db, Internal, Json, Memory, Wait, Who


def publish(
    db: Db,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="The file or folder that readers open, replaced as a whole; for postgres a URL.",
            metavar="PLACE",
        ),
    ],
    forms: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            help="duckdb (2.x, the default), duckdb1 (1.x: DuckDB's command line, DBeaver, SQLAlchemy), ohdsi (the CDM "
            "in main), parquet, csv, postgres. Several at once go into the folder --to.",
            metavar="FORM",
        ),
    ] = None,
    cdm_schema: Annotated[str, typer.Option("--cdm-schema", help="The schema of the CDM tables, e.g. main.")] = "omop",
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", help="The key of ids and pseudonyms (default: DB.key, made at the first time)."),
    ] = None,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Another key than before is meant: every published id is a new one.")
    ] = False,
    limited_data_set: Annotated[
        bool, typer.Option("--limited-data-set", help="Real dates are meant (45 CFR 164.514(e)); the file says so.")
    ] = False,
    internal: Internal = False,
    who: Who = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            help="safe_harbor, expert_determination or limited_data_set, or a file of your own; without it the "
            "projects' own policies hold.",
            metavar="NAME",
        ),
    ] = None,
    determination: Annotated[
        str | None,
        typer.Option("--determination", help="Reference of the expert's determination (else the project's)."),
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", help="Reference of the data use agreement (else the project's).")
    ] = None,
    codes: Annotated[
        Path | None,
        typer.Option("--codes", help="The crosswalk of random codes (default: DB.codes, made at the first time)."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="What was done to each column, and by which rule: a .json or .html file."),
    ] = None,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write a copy for readers that nobody can trace back to the store without its key: a file, folder or database.

    It has omop, midrc, linked and sums of the ledger; ids and keys are replaced, days and files of the source left out.
    """
    from harmonize.release.publication import publish_for
    from harmonize.release.reading import Reading

    result = publish_for(
        db,
        to,
        Reading("publish", internal, who, wait, memory, console.say),
        forms=tuple(forms or ("duckdb",)),
        cdm_schema=cdm_schema,
        key_file=key_file,
        new_key=new_key,
        limited_data_set=limited_data_set,
        profile=profile,
        determination=determination,
        agreement=agreement,
        codes=codes,
        report=report,
    )
    for warning in result.warnings:
        console.say(f"Warning: {warning}")
    if json:
        console.print_json(result.to_json())
    if report is not None:
        console.say(f"What was done to each column: {report}")
    kind = " It is a limited data set (45 CFR 164.514(e))." if result.limited_data_set else ""
    places = ", ".join(dict.fromkeys(str(told["to"]) for told in result.forms.values()))
    console.say(f"Published {result.rows:,} rows in {result.tables} tables to {places}.{kind}")
