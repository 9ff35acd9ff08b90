"""Mappings as other tools have them: written for Usagi, OHDSI tools, FHIR servers, as a spreadsheet; read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from harmonize.review.incoming import Incoming

Form = Literal["usagi", "source_to_concept_map", "fhir", "xlsx"]
CANONICAL = "https://w3id.org/midrc-harmonize/ConceptMap/"


def write_form(folder: Path, form: Form, output: Path, con: DuckDBPyConnection | None) -> None:
    """Write a mapping's value sets; with a store, ids and names come from its vocabulary, frequencies from its rows."""
    from harmonize.engine.files import replacing

    if form == "xlsx":
        from harmonize.review.workbook import write_workbook
        from harmonize.review.worklist import worklist

        write_workbook(output, worklist(folder, con), con)
        return
    if form == "usagi":
        from harmonize.review.mappings import reviewed_rows
        from harmonize.review.usage import usage
        from harmonize.review.usagi import write_usagi

        subjects = [one.subject for one in reviewed_rows(folder)]
        text = write_usagi(folder, con, None if con is None else dict.fromkeys(subjects, 0) | usage(con, subjects))
    elif form == "source_to_concept_map":
        from harmonize.review.source_to_concept_map import write_table

        text = write_table(folder, con)
    else:
        from harmonize.review.concept_map import write_concept_map

        text = json.dumps(write_concept_map(folder, CANONICAL + folder.name), indent=2, ensure_ascii=False) + "\n"
    with replacing(output) as partial:
        partial.write_text(text, encoding="utf-8")


def read_form(
    folder: Path, form: Form, file: Path, con: DuckDBPyConnection | None, prefix: str | None, reviewer: str, today: str
) -> list[Incoming]:
    """What the file of another tool says of a mapping; `prefix` is the vocabulary of Usagi's source codes."""
    if form == "xlsx":
        from harmonize.review.workbook import read_workbook

        return read_workbook(file, folder, reviewer=reviewer, date=today)
    if form == "usagi":
        from harmonize.review.usagi import read_usagi

        return read_usagi(file, prefix, con, folder=folder, reviewer=reviewer, date=today)
    if form == "source_to_concept_map":
        from harmonize.review.source_to_concept_map import read_table

        return read_table(file, folder, con)
    from harmonize.review.concept_map import read_concept_map

    return read_concept_map(file, folder)
