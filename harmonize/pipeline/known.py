"""A delivery that the store has checked already: the same files, and nothing has changed since that checks depend on.

Then nothing is read, checked or mapped again. The ledger, the findings of the checks and who holds which record are
what a load of the same files would have written (tests/state/test_known_delivery.py compares the two).
"""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from harmonize.engine.paths import root, sql
from harmonize.engine.version import __version__
from harmonize.pipeline.ledger.ledger import write_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from harmonize.intake.source_file import SourceFile

REPLAYED = (
    "file_number", "source_file", "file_column", "ledger_column", "finding", "expectation", "record", "record_holder",
    "data_pull",
)  # fmt: skip
"""What a repeated delivery writes, in this order (sql/ledger/known)."""


@dataclass(frozen=True)
class Former:
    """A submission that is repeated, and the first record id that its load could give out."""

    submission: int
    first_record_id: int


@dataclass(frozen=True)
class Asked:
    """What a load is asked to do with its files, as far as checks depend on it."""

    source: str
    project: str
    mapping: str
    version: str
    folder: str
    strict_row: bool
    collections: tuple[str, ...]
    without: tuple[str, ...]
    data_pull: str | None


def digest_of(con: DuckDBPyConnection, asked: Asked, files: Sequence[SourceFile]) -> str:
    """Stands for the files by name, size and sha256, what is asked, this installation and the mapping's folder, and
    what the store holds that checks depend on. Keyed with the store's key where it has one: a file may be named after a
    person."""
    row = con.execute(sql("ledger/known/state"), {"project": asked.project}).fetchone()
    said = {
        "installation": [_installation(), _files(Path(asked.folder))],
        "asked": asdict(asked),
        "files": [(file.name, file.size, file.sha256) for file in files],
        "store": row[0] if row else None,
    }
    return hmac.new(_key(con), orjson.dumps(said, option=orjson.OPT_SORT_KEYS), sha256).hexdigest()


def former_submission(con: DuckDBPyConnection, digest: str, project: str, *, snapshot: bool) -> Former | None:
    """The last submission that delivered the same and whose records all stand; None where there is none, or where a
    snapshot lacks records of others. Leaves the temp tables written_again and held_record."""
    con.execute(sql("store/tables/checked_delivery"))  # a store may be older than the table
    row = con.execute(sql("ledger/known/former"), {"digest": digest}).fetchone()
    if row is None:
        return None
    former = Former(*row)
    given = {"former": former.submission}
    con.execute(sql("ledger/known/written_again"), given)
    con.execute(sql("ledger/known/held_record"), given)
    if con.execute(sql("ledger/known/sound"), given).fetchone() != (True,):
        return None
    if snapshot and con.execute(sql("ledger/known/lacks"), {"project": project}).fetchone():
        return None
    return former


def replay(con: DuckDBPyConnection, former: Former, submission: int) -> int:
    """Write what a load of the former submission's files would write; how many files there are."""
    given = {"former": former.submission, "first": former.first_record_id, "submission": submission}
    for name in REPLAYED:
        statement = sql(f"ledger/known/{name}")
        con.execute(statement, {key: value for key, value in given.items() if f"${key}" in statement})
    write_sums(con)
    row = con.execute("SELECT count(*) FROM file_number").fetchone()
    return int(row[0]) if row else 0


def found_by_checks(con: DuckDBPyConnection, submission: int) -> dict[int, int]:
    """Rule → how many findings of the submission there are now: after the checks, before anything is mapped."""
    counted = "SELECT rule_id, count(*) FROM harmonize.finding WHERE submission_id = ? GROUP BY ALL ORDER BY ALL"
    return dict(con.execute(counted, [submission]).fetchall())


def next_record_id(con: DuckDBPyConnection) -> int:
    """The first number that a load can give to a record."""
    row = con.execute("SELECT coalesce(max(record_id), 0) + 1 FROM harmonize.record").fetchone()
    return int(row[0]) if row else 1


def note_checked(con: DuckDBPyConnection, submission: int, digest: str, first: int, found: dict[int, int]) -> None:
    """Remember the delivery, at the end of its load; `first` is what next_record_id gave before it."""
    con.execute(sql("store/tables/checked_delivery"))
    con.execute(
        "INSERT INTO harmonize.checked_delivery VALUES (?, ?, ?, ?, ?)",
        [submission, digest, first, [*found], [*found.values()]],
    )


@cache
def _installation() -> str:
    """Stands for the code, SQL, rules, schemas and vocabulary of this installation."""
    places = (Path(__file__).parents[1], root("sql"), root("schemas"), root("mappings") / "vocabulary")
    return sha256("".join([__version__, *map(_files, places)]).encode()).hexdigest()


def _files(place: Path) -> str:
    """The files of a folder, by their sizes and times."""
    files = ((path, path.stat()) for path in sorted(place.rglob("*.*")) if path.suffix != ".pyc")
    return "".join(f"{path.relative_to(place)} {stat.st_size} {stat.st_mtime_ns}\n" for path, stat in files)


def _key(con: DuckDBPyConnection) -> bytes:
    made = con.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'harmonize' AND table_name = 'store_key'")
    row = con.execute("SELECT key FROM harmonize.store_key").fetchone() if made.fetchone() else None
    return row[0].encode() if row else b""
