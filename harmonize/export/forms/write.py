"""Writes the forms of a publication from its published file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.files import replacing, replacing_folder
from harmonize.export.forms.folder import MANIFEST, write_csv, write_parquet
from harmonize.export.forms.places import FOLDERS, shown
from harmonize.export.forms.source import open_publication
from harmonize.export.published_views import create_views

if TYPE_CHECKING:
    from contextlib import ExitStack

    from harmonize.export.forms.source import Publication


def write_forms(
    places: dict[str, Path | str],
    file: Path,
    cdm_schema: str,
    memory: str | None,
    spill: Path,
    until: ExitStack,
) -> tuple[dict[str, dict[str, str | int]], list[str]]:
    """Write what `places` name beside the published `file` itself: (form → its place and rows, what is to be said).

    Files and folders take their places when `until` ends, a database when it is filled.
    """
    rest = {form: place for form, place in places.items() if form != "duckdb"}
    made: dict[str, dict[str, str | int]] = {}
    said: list[str] = []
    if not rest:
        return made, said
    with open_publication(file, cdm_schema, spill, memory) as publication:
        for form, place in rest.items():
            made[form] = {"to": shown(place), "rows": _write(publication, form, place, spill, said, until)}
    return made, said


def _write(
    publication: Publication, form: str, place: Path | str, spill: Path, said: list[str], until: ExitStack
) -> int:
    """How many rows were written."""
    if isinstance(place, str):
        from harmonize.export.forms.postgres import write_postgres

        rows, told = write_postgres(publication, place, spill)
        said += told
        return rows
    if form in FOLDERS:
        folder = until.enter_context(replacing_folder(place, MANIFEST))
        return write_parquet(publication, folder) if form == "parquet" else write_csv(publication, folder)
    from harmonize.export.forms.duckdb1 import write_duckdb1, write_ohdsi

    partial = until.enter_context(replacing(place))
    if form == "ohdsi":
        return write_ohdsi(publication, partial)
    return write_duckdb1(publication, partial, lambda con: create_views(con, publication.cdm_schema))
