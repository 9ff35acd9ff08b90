"""`harmonize mapping suggest`: standard concepts for source values, best first, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harmonize.cli import console
from harmonize.cli.options import Json, Wait
from harmonize.cli.stores import opened_or_starter

if TYPE_CHECKING:
    from harmonize.engine.store import Store
    from harmonize.vocabulary.suggest import Suggestion, Term


def suggest(
    values: Annotated[
        list[str] | None, typer.Argument(help="Texts or codes, such as 'Troponin I' or ICD10CM:J18.9.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", exists=True, help="A CSV or TSV with a column value, and domain, unit, vocabulary if known."
        ),
    ] = None,
    db: Annotated[
        Path | None,
        typer.Option("--db", envvar="HARMONIZE_DB", help="A store: its vocabulary; alone, its unmapped values."),
    ] = None,
    domain: Annotated[str | None, typer.Option(help="The OMOP domain of the values, e.g. Measurement.")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit of the results, e.g. mg/dL.")] = None,
    vocabulary: Annotated[str | None, typer.Option(help="The vocabulary of the codes, e.g. ICD10CM.")] = None,
    mapping: Annotated[
        str | None,
        typer.Option(help="The site's own mapping, whose value set is not asked (default: the store's only one)."),
    ] = None,
    limit: Annotated[int, typer.Option(help="At most so many for each value.", min=1)] = 5,
    as_json: Json = False,
    wait: Wait = 10.0,
) -> None:
    """Suggest standard concepts: by code, name, synonym, words, abbreviation, unit, and by what other sites decided.

    Without --db the shipped starter vocabulary and the shipped mappings are all there is. Nothing is written.
    """
    from harmonize.engine.errors import InputError
    from harmonize.vocabulary.suggest import Term, own_mapping
    from harmonize.vocabulary.suggest import suggest as run

    if not values and file is None and db is None:
        raise InputError("There is nothing to suggest for.", "Give values, --file FILE, or --db STORE.")
    with opened_or_starter(db, wait) as store:
        default = Term("", domain, unit, vocabulary, site=mapping or own_mapping(store.con))
        terms = [replace(default, value=value) for value in values or ()]
        terms += _of_file(file, default) if file else []
        rows: list[int | None] = [None] * len(terms)
        if not terms and file is None:
            store.require_records()
            terms, rows = _unmapped(store)
        found = run(store.con, terms, limit=limit) if terms else []
    if as_json:
        console.print_json([_document(*one) for one in zip(terms, rows, found, strict=True)])
        return
    lines = [line for one in zip(terms, rows, found, strict=True) for line in _lines(*one)]
    console.print_rows(lines, "Every code is mapped." if db and not terms else "Nothing like these values is known.")


def _of_file(path: Path, default: Term) -> list[Term]:
    from harmonize.engine.errors import InputError, did_you_mean
    from harmonize.engine.text_file import read_rows

    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    headers, rows = read_rows(path, delimiter)
    if "value" not in headers:
        raise InputError(f"{path}:1: the column value is missing.", did_you_mean("value", headers))
    known = [name for name in ("domain", "unit", "vocabulary") if name in headers]
    return [
        replace(default, value=row["value"], **{name: row[name] for name in known if row[name]})
        for _, row in rows
        if row["value"]
    ]


def _unmapped(store: Store) -> tuple[list[Term], list[int | None]]:
    """What became concept 0 and nobody has decided that nothing fits."""
    from harmonize.pipeline.inspect import unmapped
    from harmonize.vocabulary.suggest import Term, domain_of, own_mapping

    found = [row for row in unmapped(store.con) if row["why"] not in ("statement", "no term found", "no ingredient")]
    sites = {name: own_mapping(store.con, name) for name in {row["vocabulary_id"] for row in found} if name}
    terms = [
        Term(
            row["name"] or row["code"],
            likely=domain_of(row["table"], row["column"]),
            site=sites.get(row["vocabulary_id"]),
        )
        for row in found
    ]
    return terms, [row["rows"] for row in found]


def _document(term: Term, rows: int | None, found: list[Suggestion]) -> dict[str, Any]:
    return {
        "value": term.value,
        "domain": term.domain or term.likely,
        "unit": term.unit,
        "vocabulary": term.vocabulary,
        "rows": rows,
        "suggestions": [suggestion.to_json() for suggestion in found],
    }


def _lines(term: Term, rows: int | None, found: list[Suggestion]) -> Iterator[dict[str, Any]]:
    if not found:
        yield _line(term.value, rows)
    for rank, suggestion in enumerate(found, start=1):
        yield _line(term.value if rank == 1 else "", rows if rank == 1 else None, rank, suggestion)


def _line(
    value: str, rows: int | None, rank: int | None = None, suggestion: Suggestion | None = None
) -> dict[str, Any]:
    return {
        "value": value,
        "rows": rows,
        "rank": rank,
        "score": suggestion.score if suggestion else None,
        "concept": suggestion.concept if suggestion else "",
        "name": (suggestion.name or "") if suggestion else "nothing is like it",
        "domain": (suggestion.domain or "") if suggestion else "",
        "why": " / ".join(suggestion.reasons) if suggestion else "",
    }
