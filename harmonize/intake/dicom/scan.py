"""Read the headers of a delivery's files on all cores, a file that was seen unchanged not again."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from harmonize.engine.paths import sql
from harmonize.engine.plain import is_utf8, plain
from harmonize.engine.progress import as_meter, reached
from harmonize.engine.sql_text import literal
from harmonize.engine.work_folder import work_folder
from harmonize.engine.workers import in_processes
from harmonize.intake.dicom.found import Place
from harmonize.intake.dicom.header import read_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from duckdb import DuckDBPyConnection

    from harmonize.intake.dicom.elements import Wanted
    from harmonize.intake.dicom.find import Candidate

BATCH = 100
"""Files that a process reads before it tells."""
SCANNING = 0.6
"""Of the work on a delivery of images, what it takes to read the headers."""
KEPT_AT_ONCE = 20_000
"""Files after which what was read is kept for good, so that an interrupted scan goes on there."""
FEW = 400
"""Up to so many files are read faster than a second process starts."""
_NEW = {
    "ordinal": "BIGINT", "reader": "VARCHAR", "part": "INTEGER", "reason": "VARCHAR", "detail": "VARCHAR",
    "form": "VARCHAR", "series_uid": "VARCHAR", "header": "VARCHAR", "told": "VARCHAR[]",
    "private_elements": "INTEGER", "notes": "VARCHAR[]",
}  # fmt: skip
_FILE = {
    "ordinal": "BIGINT", "name": "VARCHAR", "path": "VARCHAR", "member": "VARCHAR", "size": "BIGINT",
    "stamp": "BIGINT", "reason": "VARCHAR", "package": "BIGINT",
}  # fmt: skip


def scan(
    con: DuckDBPyConnection,
    candidates: Iterable[Candidate],
    wanted: Wanted,
    keeping: Callable[[], AbstractContextManager[Any]],
    screen: Callable[[DuckDBPyConnection], None],
    note: Callable[[str], None],
) -> tuple[int, int]:
    """List the files in the temp table dicom_file and see that harmonize.dicom_header has the headers of all: (files,
    files read now). `keeping` is the transaction in which what was read is kept, `screen` takes out of the temp table
    dicom_new what may not be."""
    con.execute(sql("store/tables/dicom_header"))
    con.execute(sql("dicom/tables"))
    with work_folder("dicom") as work:
        files = _list(con, candidates, work / "files")
        con.execute(f"CREATE OR REPLACE TEMP TABLE dicom_unread AS {sql('dicom/unread')}", {"reader": wanted.version})
        if con.execute(sql("dicom/other_reader"), {"reader": wanted.version}).fetchone():
            with keeping():
                con.execute(sql("dicom/forget"), {"reader": wanted.version})
        row = con.execute("SELECT count(*) FROM dicom_unread").fetchone()
        unread = int(row[0]) if row else 0
        note(f"{unread:,} of {files:,} files to read")
        batches = _unread(con)
        done = 0
        texts = _counted(_texts(batches, unread, wanted), unread)
        with as_meter(note).over(SCANNING):
            while some := list(islice(texts, KEPT_AT_ONCE // BATCH)):
                path = work / "new"
                path.write_bytes(b"".join(text for _, text in some))
                done += sum(count for count, _ in some)
                with keeping():
                    con.execute(f"CREATE OR REPLACE TEMP TABLE dicom_new AS FROM {_ndjson(path, _NEW)}")
                    screen(con)
                    con.execute(sql("dicom/keep"))
                note(f"{done:,} of {unread:,} headers read")
    return files, unread


def _counted(texts: Iterable[tuple[int, bytes]], files: int) -> Iterator[tuple[int, bytes]]:
    """The same, while it is told how many of the files are read."""
    done = 0
    for count, text in texts:
        done += count
        reached(min(1.0, done / max(files, 1)))
        yield count, text


def _list(con: DuckDBPyConnection, candidates: Iterable[Candidate], path: Path) -> int:
    count = 0
    with path.open("wb") as out:
        for count, one in enumerate(map(_writable, candidates), start=1):
            out.write(orjson.dumps({"ordinal": count, **vars(one)}, option=orjson.OPT_APPEND_NEWLINE))
    if count:
        key = "md5(path || coalesce('!' || member, ''))::UUID"
        con.execute(f"INSERT INTO dicom_file SELECT *, {key} FROM {_ndjson(path, _FILE)}")
    return count


def _writable(one: Candidate) -> Candidate:
    """A name that is no UTF-8 cannot be kept; the file is told and not read."""
    if is_utf8(one.path) and is_utf8(one.member or ""):
        return one
    name = plain(one.name)
    return replace(one, name=name, path=name, member=None, reason=one.reason or "bad_name")


def _ndjson(path: Path, columns: dict[str, str]) -> str:
    return f"read_ndjson({literal(str(path))}, columns={columns}, maximum_object_size={64 * 2**20})"


def _unread(con: DuckDBPyConnection) -> Iterator[list[tuple[int, str, str | None, int]]]:
    """The files to read, in batches; by number, because the connection is used in between."""
    last = 0
    while rows := con.execute(
        "FROM dicom_unread WHERE ordinal > ? ORDER BY ordinal LIMIT ?", [last, KEPT_AT_ONCE]
    ).fetchall():
        last = rows[-1][0]
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]


def _texts(
    batches: Iterator[list[tuple[int, str, str | None, int]]], unread: int, wanted: Wanted
) -> Iterator[tuple[int, bytes]]:
    """(number of files, their headers as NDJSON) of each batch in order; few batches wait at a time."""
    work = ((wanted, batch) for batch in batches)
    return map(read_batch, work) if unread <= FEW else in_processes(f"{__name__}:read_batch", work)


def read_batch(work: tuple[Wanted, list[tuple[int, str, str | None, int]]]) -> tuple[int, bytes]:
    """The number of files of a batch, and their headers as NDJSON, with the columns of `_NEW`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's; what they tell of a header is in its notes
        return _read_batch(*work)


def _read_batch(wanted: Wanted, batch: list[tuple[int, str, str | None, int]]) -> tuple[int, bytes]:
    lines = []
    for ordinal, path, member, size in batch:
        for found in read_place(Place(path, member, size), wanted):
            header = found.header
            lines.append(
                {
                    "ordinal": ordinal, "reader": wanted.version, "part": found.part, "reason": found.reason,
                    "detail": found.detail, "form": found.form, "series_uid": header.values.get("SeriesInstanceUID"),
                    "header": orjson.dumps(header.values).decode() if found.reason is None else None,
                    "told": sorted(header.told), "private_elements": header.private, "notes": sorted(header.notes),
                }
            )  # fmt: skip
    return len(batch), b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
