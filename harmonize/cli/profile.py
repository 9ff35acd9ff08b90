"""`harmonize profile`: what the columns of unknown files hold, before anybody maps them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from harmonize.cli import console
from harmonize.cli.options import Memory

MEANINGS = (
    "accession, admission_date, admission_day, age, age_band, birth_date, birth_year, bmi, body_part, "
    "comment, covid_date, covid_result, covid_tested, date, day, death, death_date, death_day, "
    "diagnosis, diagnosis_code, dialysis, diastolic, discharge_date, discharge_day, ethnicity, height, "
    "hours, icu, index_date, lab, medication, modality, patient, pregnancy, pulse, race, record, "
    "reference_high, reference_low, reference_range, report, respiratory_rate, series_uid, sex, spo2, "
    "state, study_description, study_uid, systolic, temperature, test_name, test_unit, test_value, "
    "transplant, weight, zip"
)
"""Those of mappings/onboarding/columns.yaml; read from there for help alone, they would cost every command."""
HeaderRows = Annotated[
    str | None,
    typer.Option("--header-rows", help="Rows of the header, e.g. 3 or 1-2 (default: guessed)."),
]
Meanings = Annotated[
    list[str] | None,
    typer.Option(
        "--meaning",
        help=f"What a column is, where the guess is wrong: 'Chart=patient'; 'Ht=' is nothing. One of: {MEANINGS}.",
    ),
]


def _print_meanings(asked: bool) -> None:
    if asked:
        from harmonize.onboarding.meaning import meanings

        console.print_rows([{"meaning": name, "the column holds": says} for name, says in meanings().items()], "")
        raise typer.Exit


ListMeanings = Annotated[
    bool,
    typer.Option(
        "--meanings", is_eager=True, callback=_print_meanings, help="Print all meanings in words, and nothing else."
    ),
]


def profile(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, zip or gz.")],
    format: Annotated[
        Literal["table", "json", "html", "white_rabbit"], typer.Option("--format", help="Output format.")
    ] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")] = None,
    header_rows: HeaderRows = None,
    meanings: Meanings = None,
    list_meanings: ListMeanings = False,
    least: Annotated[int, typer.Option("--min-count", min=1, help="List values of at least so many cells.")] = 5,
    most: Annotated[int, typer.Option("--max-values", min=1, help="List at most so many values a column.")] = 50,
    memory: Memory = None,
) -> None:
    """Profile tables: kinds, ranges, frequent values, likely keys, links, units and dates.

    Values that may identify a person are masked, and so are those of few cells.
    """
    from harmonize.engine.errors import InputError
    from harmonize.engine.files import replacing
    from harmonize.intake.table.header import parse_header_rows
    from harmonize.onboarding.meaning import said_meanings
    from harmonize.onboarding.report import page, text
    from harmonize.onboarding.scan import scan

    if format == "white_rabbit" and output is None:
        raise InputError("A scan report is a workbook.", "Name it: -o ScanReport.xlsx")
    rows = parse_header_rows(header_rows) if header_rows else None
    with (
        console.progress("profile") as progress,
        scan(
            paths,
            header_rows=rows,
            meanings=said_meanings(meanings or []),
            least=least,
            most=most,
            memory=memory,
            progress=progress,
        ) as found,
    ):
        if format == "json" and output is None:
            console.print_json(found.to_json())
        elif output is None:
            if format == "html":
                console.write(page(found))
            else:
                for part in text(found):
                    console.echo(part, end="")
        else:
            with replacing(output) as partial:
                if format == "white_rabbit":
                    from harmonize.onboarding.white_rabbit import write_white_rabbit

                    write_white_rabbit(found, partial)
                elif format == "json":
                    import orjson

                    partial.write_bytes(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2))
                else:
                    whole = page(found) if format == "html" else "".join(text(found))
                    partial.write_text(whole, encoding="utf-8")
            console.say(f"{len(found.files)} tables profiled: see {output}")
