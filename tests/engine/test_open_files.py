"""A store keeps its lock whatever this process does with its file: POSIX drops locks when any descriptor is closed."""

from __future__ import annotations

import errno
import lzma
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import HarmonizeError
from harmonize.engine.open_files import copy_open, is_open_database, open_databases
from harmonize.engine.store import Store, connect, open_store
from harmonize.engine.text_file import read_bytes
from harmonize.export.diff import diff
from harmonize.export.publish import publish
from harmonize.export.query import query
from harmonize.intake.dicom.find import find_images
from harmonize.intake.discover import discover
from harmonize.onboarding.scan import scan
from harmonize.pipeline.acts.crosswalk import load_crosswalk
from harmonize.pipeline.load import load
from harmonize.pipeline.stores import open_current
from harmonize.validation.validate import validate

MAPPING = str(Path(__file__).resolve().parents[2] / "benchmarks" / "mapping")
VERSIONS = Path(__file__).resolve().parents[1] / "store_versions"
TAKE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(7)
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no POSIX locks")


def is_locked(path: Path) -> bool:
    """Whether another process is kept from taking the lock of a writer."""
    code = subprocess.run([sys.executable, "-c", TAKE, path], check=False).returncode
    assert code in (0, 7)
    return code == 7


@pytest.fixture
def store(new_store: Store) -> Store:
    """An open store in the folder of a delivery."""
    (new_store.path.parent / "patient.csv").write_text("patient_id,sex,birth_year\nP1,F,1950\n")
    (new_store.path.parent / "result.csv").write_text(
        "result_id,patient,collected,code,value,unit,low,high,flag,specimen,method,device,priority,ward,panel,comment\n"
        "R1,P1,2020-03-01,1742-6,31,U/L,5,50,,serum,photometry,A1,stat,ED,1,\n"
    )
    assert is_locked(new_store.path)
    return new_store


def _refused(act: Callable[[], object]) -> None:
    with pytest.raises(HarmonizeError):
        act()


def _profile(store: Store) -> None:
    with scan([store.path.parent], memory=None) as found:
        assert len(found.files) == 2


def _validate(store: Store) -> None:
    with validate([store.path.parent], source="ehr", mapping=MAPPING) as result:
        assert [file.name for file in result.files] == ["patient.csv", "result.csv"]


ACTS: dict[str, Callable[[Store], object]] = {
    "load": lambda store: load(store, [store.path.parent], source="ehr", project="P", mapping=MAPPING),
    "load of itself": lambda store: _refused(lambda: load(store, [store.path], source="fhir", project="P")),
    "crosswalk of itself": lambda store: _refused(lambda: load_crosswalk(store, store.path)),
    "validate": _validate,
    "profile": _profile,
    "open for reading": lambda store: _refused(lambda: open_store(store.path, read_only=True, wait=0)),
    "open with other settings": lambda store: _refused(lambda: open_store(store.path, memory="256MiB", wait=0)),
    "open and close again": lambda store: open_current(store.path).close(),
    "read": lambda store: _refused(lambda: read_bytes(store.path)),
    "diff": lambda store: _refused(lambda: diff(store.path, store.path, wait=0)),
    "publish": lambda store: _refused(lambda: publish(store.path, store.path.with_name("public.duckdb"), wait=0)),
    "query": lambda store: _refused(lambda: query(store.path, "SELECT 1", wait=0, output=store.path.with_name("x"))),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_open_store_keeps_its_lock(store: Store, act: str) -> None:
    ACTS[act](store)
    assert is_locked(store.path), act
    assert store.con.execute("SELECT count(*) FROM harmonize.store_version").fetchone() == (1,)


@pytest.mark.parametrize("keep_copy", [True, False])
def test_a_store_that_is_brought_up_to_date_keeps_its_lock(tmp_path: Path, keep_copy: bool) -> None:
    path = tmp_path / "study.duckdb"
    path.write_bytes(lzma.decompress((VERSIONS / "v4-f6580d0.duckdb.xz").read_bytes()))
    with open_current(path, keep_copy=keep_copy):
        assert is_locked(path)
        assert path.with_name("study.v4.duckdb").exists() is keep_copy


def test_what_is_read_of_a_folder_with_an_open_store(store: Store) -> None:
    (store.path.parent / "link.duckdb").symlink_to(store.path)
    (store.path.parent / "hard.duckdb").hardlink_to(store.path)
    told = {file.name: (file.format, file.why) for file in discover([store.path.parent])}
    for name in ("link.duckdb", "hard.duckdb"):  # the store itself is behind the link, and so told once
        assert told[name][0] == "skipped"
        assert "open here" in told[name][1]
    assert {name for name, (kind, _) in told.items() if kind != "skipped"} == {"patient.csv", "result.csv"}
    images = [Path(one.path).name for one in find_images([store.path.parent])]
    assert not {"store.duckdb", "hard.duckdb", "link.duckdb"} & set(images)
    assert {"patient.csv", "result.csv"} <= set(images)


def test_a_store_that_is_closed_is_a_file_like_others(store: Store) -> None:
    path = Path(shutil.copy(store.path, store.path.with_name("other.duckdb")))
    assert {file.name: file.why for file in discover([path])} == {"other.duckdb": "It is a DuckDB database."}
    assert [one.name for one in find_images([path])] == ["other.duckdb"]


def test_only_databases_count(tmp_path: Path) -> None:
    before = open_databases()
    text = tmp_path / "text"
    text.write_bytes(b"01234567DUC")
    with text.open("rb"), (tmp_path / "DUCKDUCKDUCK").open("wb") as out:
        out.write(b"01234567DUCK")
        out.flush()
        assert open_databases() == before  # the second is open for writing alone
    with duckdb.connect(str(tmp_path / "other.duckdb")) as con:
        con.execute("CREATE TABLE t (i INTEGER)")
        assert is_open_database(tmp_path / "other.duckdb")
        assert not is_open_database(tmp_path / "nothing")
    assert open_databases() == before


def test_a_copy_of_an_open_database(tmp_path: Path) -> None:
    path, copy = tmp_path / "some.duckdb", tmp_path / "copy.duckdb"
    con = connect(path, read_only=False, wait=0, spill=tmp_path / "spill")
    con.execute("CREATE TABLE t AS SELECT 7 AS i")
    con.execute("CHECKPOINT")
    copy_open(path, copy)
    assert is_locked(path)
    con.close()
    with duckdb.connect(str(copy), read_only=True) as copied:
        assert copied.execute("FROM t").fetchall() == [(7,)]


def test_a_copy_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "some"
    path.write_bytes(b"x")
    with pytest.raises(OSError, match="No such file") as told:
        copy_open(path, tmp_path / "nowhere" / "copy")
    assert told.value.errno == errno.ENOENT
