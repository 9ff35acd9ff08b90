"""A store that is made: whole or not at all, and gone again where the first work in it fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.store import STORE_VERSION, open_store
from harmonize.engine.work_folder import process_mark


def _rows(path: Path) -> list[tuple[int]]:
    with open_store(path, read_only=True) as store:
        return store.con.execute("FROM t").fetchall()


@pytest.mark.parametrize("half", ["no bytes", "no tables", "a partial file"])
def test_what_a_killed_process_left_of_a_new_store(tmp_path: Path, half: str) -> None:
    """A process that is killed while it makes a store leaves nothing in the way of the next."""
    path = tmp_path / "new.duckdb"
    left = path.with_name(f".{path.name}.{process_mark().rpartition('-')[0]}-99999999.partial")
    if half == "no bytes":
        path.touch()
    elif half == "no tables":
        duckdb.connect(str(path)).close()
    else:
        left.write_bytes(b"x")
    if half != "a partial file":
        with pytest.raises(InputError):
            open_store(path, read_only=True)
    with open_store(path, create=True) as store:
        assert store.con.execute("SELECT version FROM harmonize.store_version").fetchall() == [(STORE_VERSION,)]
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_of_two_that_make_a_store_the_first_makes_it(tmp_path: Path) -> None:
    """The other finds the store there, and takes nothing away when it fails."""
    path, first = tmp_path / "new.duckdb", tmp_path / "first.duckdb"
    open_store(first, create=True, initialise=lambda con: con.execute("CREATE TABLE of_the_first (id INTEGER)")).close()

    def while_the_second_makes_its_own(_con: duckdb.DuckDBPyConnection) -> None:
        shutil.copy(first, path)

    store = open_store(path, create=True, initialise=while_the_second_makes_its_own)
    assert store.con.execute("FROM of_the_first").fetchall() == []
    store.close(failed=True)
    assert path.exists()


def _commit_then_fail(new: Path, *, staging: bool) -> None:
    with open_store(new, create=True) as store:
        with store.transaction(staging=staging) as con:
            con.execute("CREATE TABLE t AS SELECT 7 AS i")
        raise ValueError("bad file")


def test_initialise_failing_leaves_no_file(tmp_path: Path) -> None:
    def broken(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("CREATE TABLE t (i INTEGER)")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        open_store(tmp_path / "new.duckdb", create=True, initialise=broken)
    assert list(tmp_path.iterdir()) == []


def test_a_first_load_that_fails_leaves_no_file_even_after_staging(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bad file"):
        _commit_then_fail(tmp_path / "new.duckdb", staging=True)
    assert list(tmp_path.iterdir()) == []


def test_a_committed_load_stays_when_something_fails_later(tmp_path: Path) -> None:
    new = tmp_path / "new.duckdb"
    with pytest.raises(ValueError, match="bad file"):
        _commit_then_fail(new, staging=False)
    assert _rows(new) == [(7,)]
