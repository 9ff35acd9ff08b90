"""Where the forms of a publication go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, did_you_mean
from harmonize.engine.store import check_name

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = {
    "duckdb": "published.duckdb",
    "duckdb1": "published_v1.duckdb",
    "ohdsi": "ohdsi.duckdb",
    "parquet": "parquet",
    "csv": "csv",
    "postgres": "",
}
"""The forms, and the name of each in a folder of several: a file of DuckDB 2, one of DuckDB 1.x, the CDM alone for
the tools of OHDSI, a folder of Parquet, one of CSV; a PostgreSQL database has no place in a folder."""
FOLDERS = frozenset({"parquet", "csv"})


def find_places(to: Path | str, forms: Sequence[str], store: Path) -> dict[str, Path | str]:
    """Form → the file, folder or URL that it is written to, in the order of FORMS.

    Raises InputError for a form that there is not, for what is no URL of PostgreSQL, for a place in a folder that does
    not exist, for the store itself, and for PostgreSQL beside other forms.
    """
    for form in forms:
        if form not in FORMS:
            raise InputError(f"There is no form {form!r}.", did_you_mean(form, FORMS))
    wanted = [form for form in FORMS if form in forms]
    if "postgres" in wanted:
        if len(wanted) > 1:
            raise InputError(
                "A PostgreSQL database is published by itself: its --to is a URL, that of the other forms a folder.",
                "Run the command twice.",
            )
        _require_url(str(to))
        return {"postgres": str(to)}
    folder = Path(to)
    if not folder.parent.is_dir():
        raise InputError(f"The folder {folder.parent} does not exist.", f"Make it with: mkdir -p {folder.parent}")
    if len(wanted) > 1:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder} is a file, and several forms need a folder.", "Give a folder with --to.")
        return {form: _checked(folder / FORMS[form], form, store) for form in wanted}
    return {form: _checked(folder, form, store) for form in wanted}


def shown(place: Path | str) -> str:
    """A place without the password that a URL may hold."""
    if isinstance(place, Path):
        return str(place)
    from sqlalchemy import make_url

    return make_url(place).render_as_string(hide_password=True)


def _require_url(to: str) -> None:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        is_postgres = make_url(to).get_backend_name() in ("postgresql", "postgres")
    except ArgumentError:
        is_postgres = False
    if not is_postgres:
        raise InputError(
            "--for postgres takes the address of a PostgreSQL database with --to.",
            "For example: --to postgresql://writer@localhost/midrc (the password by PGPASSWORD or ~/.pgpass)",
        )


def _checked(place: Path, form: str, store: Path) -> Path:
    if form not in FOLDERS:
        check_name(place)
    if place.exists() and place.samefile(store):
        raise InputError(f"{place} is the store itself.", "Give another file with --to.")
    return place
