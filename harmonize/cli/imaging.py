"""harmonize imaging: LOINC codes for study descriptions, the table of them that a user brings, agreement of readers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli.console import echo, print_json, say, write
from harmonize.cli.options import AnyDb, Json, NoBackup, Wait
from harmonize.cli.stores import opened

app = typer.Typer(
    no_args_is_help=True, help="Imaging studies: LOINC codes for their descriptions, agreement of their readers."
)
_File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="CSV or TSV with Modality and StudyDescription.")
]


@app.command("loinc")
def loinc_command(
    file: _File,
    no_table: Annotated[bool, typer.Option("--no-table", help="The parser alone, without the imported table.")] = False,
    format: Annotated[Literal["json", "tsv"], typer.Option("--format", help="How to print.")] = "tsv",
) -> None:
    """Print the rows of FILE with LOINC code, long name, reason and confidence beside them."""
    from harmonize.imaging.study_code import code_file
    from harmonize.imaging.study_table import kept

    rows = code_file(file, {} if no_table else kept())
    if format == "json":
        print_json(rows)
    else:
        _print_tsv(rows)
    say(f"{len(rows):,} rows, {sum(row['loinc_code'] is not None for row in rows):,} with a code.")


@app.command("import-table")
def import_table_command(
    file: _File,
    db: Annotated[
        Path | None, typer.Option("--db", help="Give it to this store too, whose loads and links then use it.")
    ] = None,
    as_json: Json = False,
    no_backup: NoBackup = False,
    wait: Wait = 10.0,
) -> None:
    """Take a table of codes by Modality and StudyDescription, such as MIDRC's; it goes before the parser.

    Its rows replace those of an earlier import. Exit code 1: it was taken, and it has conflicts; keys with two codes
    are left to the parser. Descriptions that state the same and have two codes are told, and used as they are.
    """
    from harmonize.imaging.study_table import keep, read_table

    table = read_table(file)
    if db is not None:
        from harmonize.imaging.code_studies import store_table

        with opened(db, wait=wait, no_backup=no_backup) as store, store.transaction() as con:
            store_table(con, table)
        say(f"{db} uses it from now on; `harmonize link --db {db}` codes the studies that are loaded already.")
    path = keep(table)
    if as_json:
        conflicts, doubts = (
            [{"kind": c.kind, "what": c.what, "values": c.values, "lines": c.lines} for c in found]
            for found in (table.conflicts, table.doubts)
        )
        numbers = {"rows": table.read, "used": len(table.rows), "keys": len(table.codes())}
        print_json({**numbers, "conflicts": conflicts, "doubts": doubts})
    else:
        for conflict in table.conflicts:
            echo(f"conflict: {conflict.sentence()}")
        for doubt in table.doubts:
            echo(f"to look at: {doubt.sentence()}")
        echo(f"{table.read:,} rows read, {len(table.codes()):,} study descriptions with a code, kept in {path}")
    if table.conflicts:
        raise typer.Exit(1)


def _print_tsv(rows: list[dict[str, object]]) -> None:
    import csv
    import io

    if not rows:
        return
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write(out.getvalue())


@app.command("agreement")
def agreement_command(
    db: AnyDb,
    project: Annotated[str | None, typer.Option("--project", help="Only this project's readings.")] = None,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """What readers of images say together, and how far they agree (kappa)."""
    from harmonize.imaging.agreement import agreement

    with opened(db, wait=wait, read_only=True) as store:
        result = agreement(store.con, project)
    if as_json:
        print_json(result.to_json())
    else:
        for line in result.summary_lines():
            echo(line)
