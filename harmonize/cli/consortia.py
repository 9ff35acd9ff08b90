"""`harmonize export all_of_us` and `n3c`: files as other consortia take them in."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harmonize.cli import console
from harmonize.cli.options import AnyDb, Json, Memory, Wait, Who

if TYPE_CHECKING:
    from harmonize.export.consortia.write import ConsortiumExport

To = Annotated[Path, typer.Option("--to", help="The folder of the files; an earlier export there is replaced.")]
Internal = Annotated[
    bool,
    typer.Option(
        "--internal",
        help="From the store as it is, with its ids and keys: to be looked at, never sent.",
    ),
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="The key of ids and pseudonyms, as of `publish` (default: DB.key).")
]
Limited = Annotated[
    bool, typer.Option("--limited-data-set", help="Real dates are meant (45 CFR 164.514(e)), as of `publish`.")
]
_DAY = ["%Y-%m-%d"]


def all_of_us(
    db: AnyDb,
    to: To,
    internal: Internal = False,
    who: Who = None,
    key_file: KeyFile = None,
    limited_data_set: Limited = False,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write the CSV files of an All of Us EHR submission, checked by their rules; a store is published first.

    Exit code 1: rows were left out or cells blanked; TO.left_out.tsv lists them with the reason.
    """
    from harmonize.export.consortia.all_of_us import export_all_of_us
    from harmonize.release.consortia import export_for
    from harmonize.release.reading import Reading

    reading = Reading("export.all_of_us", internal, who, wait, memory, console.say)
    result = export_for(
        db,
        reading,
        lambda copying: export_all_of_us(db, to, copying=copying),
        key_file=key_file,
        limited_data_set=limited_data_set,
    )
    _show(result, json)


def n3c(
    db: AnyDb,
    to: To,
    site: Annotated[str, typer.Option("--site", help="The site's abbreviation (SITE_ABBREV).")],
    site_name: Annotated[str, typer.Option("--site-name", help="The site's name.")],
    contact: Annotated[str, typer.Option("--contact", help="The name of the site's technical contact.")],
    email: Annotated[str, typer.Option("--email", help="The contact's e-mail address.")],
    run_date: Annotated[
        datetime | None, typer.Option("--run-date", formats=_DAY, help="The day of the extract (default: today).")
    ] = None,
    next_submission: Annotated[
        datetime | None, typer.Option("--next-submission", formats=_DAY, help="The day of the next extract.")
    ] = None,
    max_shift_days: Annotated[
        int | None,
        typer.Option(
            "--max-shift-days", min=0, help="The most days by which dates were moved, where it is not known here."
        ),
    ] = None,
    internal: Internal = False,
    who: Who = None,
    key_file: KeyFile = None,
    limited_data_set: Limited = False,
    json: Json = False,
    wait: Wait = 10.0,
    memory: Memory = None,
) -> None:
    """Write an N3C extract (OMOP 5.3.1 with MANIFEST and DATA_COUNTS), checked; a store is published first.

    Exit code 1: rows were refused or cells blanked; TO.left_out.tsv lists them with the reason.
    """
    from harmonize.export.consortia.n3c import Site, export_n3c
    from harmonize.release.consortia import export_for
    from harmonize.release.reading import Reading

    day = run_date.date() if run_date else date.today()
    following = next_submission.date() if next_submission else None
    told = Site(site, site_name, contact, email, day, following, max_shift_days)
    reading = Reading("export.n3c", internal, who, wait, memory, console.say)
    result = export_for(
        db,
        reading,
        lambda copying: export_n3c(db, to, told, copying=copying),
        key_file=key_file,
        limited_data_set=limited_data_set,
    )
    _show(result, json)


def _show(result: ConsortiumExport, as_json: bool) -> None:
    """The files with their rows, what is not in them, and the exit code that says whether anything was refused."""
    for warning in result.warnings:
        console.say(f"Warning: {warning}")
    told = result.to_json()
    if as_json:
        console.print_json(told)
    else:
        console.print_rows([{"file": name, "rows": rows} for name, rows in result.files.items()])
        if result.lost:
            console.echo()
            console.print_rows(told["lost"])
    console.say(f"Wrote {told['rows']:,} rows in {len(result.files)} files to {result.folder} ({result.kind}).")
    if result.refused:
        console.fail(
            f"The form's rules refuse {result.refused:,} rows and cells, which were left out or blanked.",
            f"{result.report} lists them; do not send it along.",
        )
        raise typer.Exit(1)
