"""Random codes, and the crosswalk that knows what they stand for: a file of its own, apart from store and publication.

A code is drawn, and made from nothing that a person is called or was given (45 CFR 164.514(c)); without the crosswalk
nobody leads it back, the key of the store at hand or not. A key that has a code keeps it in the next file.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.engine.paths import sql
from harmonize.engine.sql_text import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

CODES = "harmonize_codes"


def codes_path(store: Path) -> Path:
    """Where the crosswalk of a store lies unless another file is named."""
    return store.with_name(store.name + ".codes")


@contextmanager
def attached(con: DuckDBPyConnection, path: Path) -> Iterator[str]:
    """The crosswalk as the database CODES of a connection; gives its mark, which files of the same codes share."""
    if not path.exists():
        _make(con, path)
    con.execute(f"ATTACH {literal(str(path))} AS {CODES} (READ_WRITE)")
    yield _mark(con)
    con.execute(f"DETACH {CODES}")  # not after a failure, which a second one would hide; the connection is closed then


def choose_codes(path: Path, remembered: str | None, *, is_new: bool) -> None:
    """Raises InputError where the crosswalk that the store was published with is not there, and that is not meant."""
    if remembered is not None and not path.exists() and not is_new:
        raise InputError(
            f"The crosswalk of codes that the store was published with is not at {path}.",
            "Name its file with --codes. If it is lost, --new-key makes another: every code is then a new one.",
        )


def remembered_codes(con: DuckDBPyConnection) -> str | None:
    """The mark of the crosswalk that a store was last published with."""
    row = con.execute("SELECT mark FROM harmonize.publish_codes").fetchone()
    return str(row[0]) if row else None


def remember_codes(con: DuckDBPyConnection, mark: str) -> None:
    """Write the mark into the store; the caller commits."""
    con.execute("DELETE FROM harmonize.publish_codes")
    con.execute("INSERT INTO harmonize.publish_codes VALUES (?)", [mark])


def draw(con: DuckDBPyConnection, named: str) -> None:
    """Give a code to everything that the query `named` names, and make the temp table publish_code of all."""
    con.execute(sql("export/publish/code_missing").replace("{codes}", CODES).replace("{named}", named))
    con.execute("SET VARIABLE publish_once = ?", [secrets.token_bytes(32)])
    con.execute(sql("export/publish/code_drawn").format(codes=CODES))
    con.execute("RESET VARIABLE publish_once")
    twice = con.execute(sql("export/publish/code_twice").format(codes=CODES)).fetchone()
    if twice and twice[0]:
        raise InternalError("Two things have the same random code.", "Begin a new crosswalk: --codes and --new-key.")
    con.execute(sql("export/publish/code").format(codes=CODES))


def person_of_code(con: DuckDBPyConnection, path: Path, code: int) -> int | None:
    """The store's id of the person whose published id is `code`."""
    if not path.exists():
        raise InputError(f"The crosswalk of codes {path} does not exist.", "Name the right one with --codes.")
    con.execute(f"ATTACH {literal(str(path))} AS {CODES} (READ_ONLY)")
    try:
        found = con.execute(f"SELECT key FROM {CODES}.code WHERE kind = 'person' AND code = ?", [str(code)]).fetchone()
    finally:
        con.execute(f"DETACH {CODES}")
    return int(found[0]) if found else None


def _make(con: DuckDBPyConnection, path: Path) -> None:
    """A new crosswalk, which only its owner can read from its first byte on."""
    try:
        with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            made = Path(folder) / path.name
            con.execute(f"ATTACH {literal(str(made))} AS {CODES} (READ_WRITE)")
            con.execute(sql("export/publish/code_table").format(codes=CODES))
            con.execute(f"DETACH {CODES}")
            made.chmod(0o600)
            made.rename(path)
    except OSError as error:
        raise StoreError(
            f"The crosswalk {path} cannot be written: {error.strerror}.", "Name another file with --codes."
        ) from error


def _mark(con: DuckDBPyConnection) -> str:
    row = con.execute(f"SELECT mark FROM {CODES}.about").fetchone()
    if row is None:
        row = (secrets.token_hex(8),)
        con.execute(f"INSERT INTO {CODES}.about VALUES (?)", list(row))
    return str(row[0])
