"""Publishing: a copy of the store for readers, which nobody can lead back without the key, put in place as a whole.

What goes along, and what becomes of it, is data (sql/export/published.tsv); docs/publishing.md says it in words.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import duckdb

from harmonize.audit.held import refuse_held
from harmonize.engine.errors import InputError, InternalError
from harmonize.engine.files import replacing
from harmonize.engine.interrupt import interruptible
from harmonize.engine.sql_text import literal, quote
from harmonize.engine.store import STORE_VERSION, connect, open_store
from harmonize.engine.translate import first_line, translate
from harmonize.engine.work_folder import work_folder
from harmonize.export.becoming import Becoming
from harmonize.export.codes import attached, choose_codes, codes_path, remember_codes, remembered_codes
from harmonize.export.column_report import measure, write_report
from harmonize.export.forms.places import find_places
from harmonize.export.forms.write import write_forms
from harmonize.export.key import Key, choose_key, remember_key, remembered_key
from harmonize.export.profiled import settle_reference
from harmonize.export.profiles import Profile, find_profile
from harmonize.export.publication import LIMITED, prepare, read_tables, settle_projects, told_cases
from harmonize.export.published_views import create_views
from harmonize.export.scan import scan
from harmonize.export.stored_table import StoredTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harmonize.export.column_report import Measured

COPY = "harmonize_published"


@dataclass(frozen=True)
class Way:
    """How a file is made: by which profile and key, with real dates or without, where the crosswalk of random codes
    lies, and what the profile needs on file."""

    profile: Profile
    key: Key
    limited: bool
    codes: Path
    given: str | None

    @property
    def kind(self) -> tuple[str, str]:
        """What the file says that it is, unless it holds real dates."""
        return self.profile.kind, self.profile.note


@dataclass
class PublishResult:
    """What was written: tables, their rows (of the published file), what each form is and where it lies, and what is
    to be said. `rows` of a form counts those of its tables, and of its views where they are written out."""

    tables: int
    rows: int
    key_file: Path
    limited_data_set: bool
    uids: dict[str, str]
    profile: str = "project"
    reference: str | None = None
    forms: dict[str, dict[str, str | int]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The object that `harmonize publish --json` prints."""
        return asdict(self)


class PublishOptions(TypedDict, total=False):
    """What `publish` may be asked for, beside what it reads and how."""

    forms: Sequence[str]
    cdm_schema: str
    key_file: Path | None
    new_key: bool
    limited_data_set: bool
    profile: str | None
    determination: str | None
    agreement: str | None
    codes: Path | None
    report: Path | None


def publish(
    store: Path,
    to: Path | str,
    *,
    forms: Sequence[str] = ("duckdb",),
    cdm_schema: str = "omop",
    key_file: Path | None = None,
    new_key: bool = False,
    limited_data_set: bool = False,
    profile: str | None = None,
    determination: str | None = None,
    agreement: str | None = None,
    codes: Path | None = None,
    report: Path | None = None,
    cases: list[tuple[str, str, str]] | None = None,
    rows_of: Path | None = None,
    coarsen: dict[str, str] | None = None,
    least: int = 11,
    internal: bool = False,
    wait: float = 10.0,
    memory: str | None = None,
) -> PublishResult:
    """Write `store` for readers, in one or several `forms` (FORMS).

    `rows_of` is a copy of it without what does not leave it (harmonize.release.copy), whose rows are published with the
    key of `store`. Without one a store that holds such rows is refused (HeldError), unless `internal` says that the
    files stay inside.

    `to` is the file or folder of a single form, the URL of a PostgreSQL database, or the folder of several forms, each
    under its own name there. Tables of omop (under the name `cdm_schema`), midrc and a reduced bookkeeping go along as
    published.tsv says, and the views of linked over them. One file is made first and checked (as many rows in each
    table, opens for reading, nothing in it tells whose it is); every form is made from it and counted again. All of
    them take their places when the last one is done: who reads the old ones goes on, and a failure leaves them.
    `profile` names how persons are protected (harmonize.export.profiles); `determination` and `agreement` are what one
    needs on file; `codes` is the crosswalk of random codes; `report` a file (.json or .html) that says what was done to
    each column; `cases` is filled with project, key and pseudonym of each case, for the house alone. `coarsen` is what
    is told in fewer words (harmonize.export.coarsen), `least` below how many persons a word is rare.
    Raises InputError and StoreError as `open_store`, InputError for an unknown form, for real dates without
    `limited_data_set` and for a key that is not the store's, RefusedError where the scan finds somebody, InternalError
    where a check fails.
    """
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:  # says so where it is no store
        if rows_of is None and not internal:
            refuse_held(opened.con)
    places = find_places(to, forms, store)
    chosen = replace(_choose(profile, limited_data_set, report), coarsen=coarsen or {}, least=least)
    given = {"determination": determination, "agreement": agreement}.get(chosen.needs or "")
    at = codes or codes_path(store)
    limited = limited_data_set or chosen.is_limited
    key, warnings = _settle(
        store, rows_of or store, key_file, new_key, chosen, at, limited=limited, wait=wait, memory=memory
    )
    way = Way(chosen, key.for_profile(chosen.name), limited, at, given)
    measured: list[Measured] | None = [] if report else None
    try:
        with work_folder("publish") as spill, ExitStack() as until:
            if len(places) > 1:
                until.enter_context(_made_folder(Path(to)))
            own = places.get("duckdb")
            file = until.enter_context(replacing(own)) if isinstance(own, Path) else spill / "made.duckdb"
            result = _publish_file(rows_of or store, file, cdm_schema, way, measured, cases, wait, memory, spill)
            if report and measured is not None:
                part = until.enter_context(replacing(report))
                write_report(part, report.suffix, chosen, result.reference, measured)
            result.warnings[:0] = warnings
            if own is not None:
                result.forms["duckdb"] = {"to": str(own), "rows": result.rows}
            made, said = write_forms(places, file, cdm_schema, memory, spill, until)
            result.forms |= made
            result.warnings += said
    except duckdb.Error as problem:
        raise translate(problem) or InternalError(f"Publishing failed: {first_line(problem)}") from problem
    return result


@contextmanager
def _made_folder(folder: Path) -> Iterator[None]:
    """The folder of several forms; one that was not there before is gone again where nothing was published."""
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    try:
        yield
    except BaseException:
        if is_new:
            folder.rmdir()
        raise


def _publish_file(
    store: Path,
    file: Path,
    cdm_schema: str,
    way: Way,
    measured: list[Measured] | None,
    cases: list[tuple[str, str, str]] | None,
    wait: float,
    memory: str | None,
    spill: Path,
) -> PublishResult:
    """Make the published file, scanned and checked."""
    said: list[str] = []
    log = file.with_name(file.name + ".wal")
    try:
        con = connect(store, read_only=True, wait=wait, spill=spill, memory=memory)
        with closing(con), interruptible(con), ExitStack() as until:
            real = settle_projects(con, limited=way.limited, strict=way.profile.is_relative)
            reference = settle_reference(con, way.profile, way.given)
            mark = way.key.mark
            if way.profile.is_coded:
                mark = _joined(mark, until.enter_context(attached(con, way.codes)))
            tables, unknown = read_tables(con)
            if unknown:
                said.append(f"Not in the list of what is published, so left behind: {', '.join(unknown)}.")
            is_limited = bool(real) or way.profile.is_limited
            prepare(con, way.key, tables, way.profile, limited=is_limited)
            if cases is not None:
                cases += told_cases(con, way.profile)
            kind = ("limited data set", LIMITED) if real and not way.profile.is_limited else way.kind
            about = (*kind, mark, way.profile.name, reference)
            counts = _copy(con, file, cdm_schema, tables, way.profile, about, measured)
            settled = con.execute("SELECT project_id, has_public_uids FROM publish_project").fetchall()
            uids = {project: "public" if is_public else "remap" for project, is_public in settled}
            said += scan(con, file, tables, cdm_schema)
        _check(file, counts, spill)
    finally:
        log.unlink(missing_ok=True)
    return PublishResult(
        len(counts), sum(counts.values()), way.key.path, is_limited, uids, way.profile.name, reference, warnings=said
    )


def _joined(mark: str, other: str) -> str:
    """What a file says of its key and its crosswalk: with the same mark ids and codes are the same."""
    return hashlib.sha256(f"{mark} {other}".encode()).hexdigest()[:16]


def _choose(name: str | None, limited_data_set: bool, report: Path | None) -> Profile:
    """The profile. Raises InputError for one that does not go with what else is asked."""
    profile = find_profile(name)
    if name and limited_data_set and not profile.is_limited:
        raise InputError(f"--limited-data-set and the profile {profile.name} exclude each other.")
    if report is not None and report.suffix not in (".json", ".html"):
        raise InputError(f"{report}: the report of the columns is a .json or an .html file.")
    return profile


def _settle(
    store: Path,
    rows_of: Path,
    key_file: Path | None,
    new_key: bool,
    profile: Profile,
    codes: Path,
    *,
    limited: bool,
    wait: float,
    memory: str | None,
) -> tuple[Key, list[str]]:
    """The key to publish with, which the store remembers from now on, and what is to be told of it."""
    with open_store(rows_of, read_only=True, wait=wait, memory=memory) as opened:
        opened.require_records()
        settle_projects(opened.con, limited=limited, strict=profile.is_relative)
    with open_store(store, read_only=True, wait=wait, memory=memory) as opened:
        remembered, crosswalk = remembered_key(opened.con), remembered_codes(opened.con)
    is_begun = profile.is_coded and not codes.exists()
    if profile.is_coded:
        choose_codes(codes, crosswalk, is_new=new_key)
    key, told = choose_key(store, remembered, key_file, is_new=new_key and not (is_begun and crosswalk))
    mark = crosswalk
    if profile.is_coded:
        with closing(duckdb.connect()) as con, attached(con, codes) as found:
            mark = found
    if mark != crosswalk and crosswalk is not None and not new_key:
        raise InputError(
            f"{codes} is not the crosswalk that {store} was published with.",
            "Name the right one with --codes. With --new-key it is taken: every code is a new one then.",
        )
    if is_begun:
        told.append(
            f"A new crosswalk of codes lies in {codes}. Keep it, apart from the store and from what is published."
        )
    if key.fingerprint != remembered or mark != crosswalk:
        with open_store(store, wait=wait, memory=memory) as opened, opened.transaction() as con:
            remember_key(con, key)
            if mark is not None:
                remember_codes(con, mark)
    return key, told


def _copy(
    con: duckdb.DuckDBPyConnection,
    target: Path,
    cdm_schema: str,
    tables: list[StoredTable],
    profile: Profile,
    about: tuple[str | None, ...],
    measured: list[Measured] | None,
) -> dict[str, int]:
    """Copy the tables, then the views, and write all of it to the file; returns the rows by published table."""
    home = (con.execute("SELECT current_database()").fetchone() or ("",))[0]
    con.execute(f"ATTACH {literal(str(target))} AS {COPY} (READ_WRITE)")
    names = {
        f"{quote(cdm_schema if table.schema == 'omop' else table.schema)}.{quote(table.name)}": table
        for table in tables
    }
    con.execute("BEGIN TRANSACTION")
    for schema in dict.fromkeys((cdm_schema, "midrc", "linked", "harmonize")):
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {COPY}.{quote(schema)}")
    for name, table in names.items():
        _create_table(con, table, f"{COPY}.{name}")
    con.execute(f"USE {COPY}")
    create_views(con, cdm_schema)
    _say_what_it_is(con, about)
    con.execute(f"USE {quote(home)}")
    con.execute("COMMIT")
    counts = {name: _fill_table(con, table, f"{COPY}.{name}", profile) for name, table in names.items()}
    if measured is not None:
        measured += [one for table in tables for one in measure(con, table, profile)]
    # closing alone would not say that the disk is full
    con.execute(f"CHECKPOINT {COPY}")
    con.execute(f"DETACH {COPY}")
    return counts


def _say_what_it_is(con: duckdb.DuckDBPyConnection, about: tuple[str | None, ...]) -> None:
    """That the file is a published one, of which kind, which files have the same ids, by which profile, on what."""
    con.execute("CREATE TABLE harmonize.store_version (version INTEGER NOT NULL, kind VARCHAR NOT NULL)")
    con.execute("INSERT INTO harmonize.store_version VALUES (?, 'published')", [STORE_VERSION])
    con.execute(
        "CREATE TABLE harmonize.publication (kind VARCHAR NOT NULL, note VARCHAR NOT NULL, key_mark VARCHAR NOT NULL, "
        "profile VARCHAR NOT NULL, reference VARCHAR)"
    )
    con.execute("INSERT INTO harmonize.publication VALUES (?, ?, ?, ?, ?)", list(about))


def _create_table(con: duckdb.DuckDBPyConnection, table: StoredTable, target: str) -> None:
    columns = [
        f"{quote(name)} {table.types[name]}{' NOT NULL' if name in table.not_null else ''}" for name in table.columns
    ]
    statements = [f"CREATE TABLE {target} ({', '.join(columns)})"]
    if table.comment:
        statements.append(f"COMMENT ON TABLE {target} IS {literal(table.comment)}")
    statements += [
        f"COMMENT ON COLUMN {target}.{quote(name)} IS {literal(table.comments[name])}"
        for name in table.columns
        if name in table.comments
    ]
    con.execute("; ".join(statements))


def _fill_table(con: duckdb.DuckDBPyConnection, table: StoredTable, target: str, profile: Profile) -> int:
    """Copy the rows; returns how many. Raises InternalError where that are not all."""
    if not table.rows:
        return 0
    row = con.execute(f"INSERT INTO {target} {Becoming(table, profile).select()}").fetchone()
    count = int(row[0]) if row else 0
    if count != table.rows and table.schema != "harmonize":
        raise InternalError(f"Of {table.schema}.{table.name} {count} rows would be published instead of {table.rows}.")
    return count


def _check(published: Path, counts: dict[str, int], spill: Path) -> None:
    with closing(connect(published, read_only=True, wait=0, spill=spill)) as con:
        for table, expected in counts.items():
            row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
            if row is None or row[0] != expected:
                raise InternalError(f"The published table {table} has {row} rows instead of {expected}.")
        for schema, view in con.execute(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall():
            con.execute(f"SELECT * FROM {quote(schema)}.{quote(view)} LIMIT 1").fetchone()
