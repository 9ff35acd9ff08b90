"""The store: creation, versions, locks, transactions, full and read-only disks, Ctrl-C."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from long_statement import LONG, interrupt_when, tell_beginning

from harmonize.engine.errors import InputError, StoreError
from harmonize.engine.interrupt import time_limit
from harmonize.engine.memory import duckdb_limit, limit_of, parse_size
from harmonize.engine.store import STORE_VERSION, open_store
from harmonize.engine.translate import InterruptedByUserError, translate

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with one table."""
    path = tmp_path / "store.duckdb"
    with open_store(path, create=True) as store, store.transaction() as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS i")
    return path


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the store open for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def _rows(path: Path) -> list[tuple[int]]:
    with open_store(path, read_only=True) as store:
        return store.con.execute("FROM t").fetchall()


@pytest.mark.parametrize("name", [":memory:", "md:x", "a.csv", "https:x.duckdb"])
def test_a_name_is_always_that_of_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with open_store(name, create=True) as store, store.transaction() as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS i")
    assert _rows(Path(name)) == [(1,)]
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", '{"a": 1}\n' * 9, "x"])
@pytest.mark.parametrize("ending", ["csv", "json", "duckdb"])
def test_a_table_is_no_store(content: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"table.{ending}"
    path.write_text(content)
    for read_only in (True, False):
        with pytest.raises(InputError, match=f"table.{ending} is not a DuckDB database"):
            open_store(path, read_only=read_only, create=not read_only)
    assert path.read_text() == content


def test_settings(path: Path) -> None:
    with open_store(path, memory="2GB") as store:
        names = "TimeZone", "autoload_known_extensions", "autoinstall_known_extensions", "temp_directory"
        values = [store.con.execute("SELECT current_setting(?)", [name]).fetchone() for name in names]
        limit = store.con.execute("SELECT current_setting('memory_limit')").fetchone()
    assert values == [("UTC",), (False,), (False,), (f"{path}.tmp",)]
    assert limit == ("1.2 GiB",)


def test_missing_store_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.duckdb does not exist") as caught:
        open_store(tmp_path / "none.duckdb")
    assert caught.value.hint is not None
    assert "harmonize vocabulary load" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["omop.duckdb", "Linked.db", "midrc"])
def test_a_store_named_like_its_schema_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="named like its own schema") as caught:
        open_store(tmp_path / name, create=True)
    assert "_store" in (caught.value.hint or "")
    assert not (tmp_path / name).exists()


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"folder .*nowhere does not exist"):
        open_store(tmp_path / "nowhere" / "x.duckdb", create=True)


@pytest.mark.parametrize("content", [b"id,sex\n1,F\n", b"x" * 20_000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.duckdb"
    file.write_bytes(content)
    with pytest.raises(InputError, match="is not a DuckDB database"):
        open_store(file, create=True)
    assert file.read_bytes() == content


def test_a_database_that_is_no_store(tmp_path: Path) -> None:
    file = tmp_path / "other.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE TABLE other (id INTEGER)")
    with pytest.raises(InputError, match="not a store of harmonize"):
        open_store(file, create=True)
    assert file.exists()


@pytest.mark.parametrize("step", [1, -1])
def test_a_store_of_another_version(path: Path, step: int) -> None:
    with open_store(path) as store, store.transaction() as con:
        con.execute("UPDATE harmonize.store_version SET version = ?", [STORE_VERSION + step])
    with pytest.raises(InputError, match=f"store version {STORE_VERSION + step}"):
        open_store(path)


def test_a_published_file_is_only_read(path: Path) -> None:
    with open_store(path) as store, store.transaction() as con:
        con.execute("UPDATE harmonize.store_version SET kind = 'published'")
    with pytest.raises(InputError, match="published"):
        open_store(path)
    assert _rows(path) == [(1,)]


def test_rollback_on_any_exception(path: Path) -> None:
    def insert_and_raise(problem: type[BaseException]) -> None:
        with open_store(path) as store, store.transaction() as con:
            con.execute("INSERT INTO t VALUES (2)")
            raise problem

    for problem in (ValueError, KeyboardInterrupt):
        with pytest.raises(problem):
            insert_and_raise(problem)
    assert _rows(path) == [(1,)]


def test_the_spill_folder_goes_with_the_store(tmp_path: Path) -> None:
    new = tmp_path / "new.duckdb"
    with open_store(new, create=True, memory="256MiB") as store:
        store.con.execute("SET threads = 2")
        store.con.execute("CREATE TEMP TABLE big AS SELECT md5(range::VARCHAR) AS a FROM range(8000000)")
        assert any(Path(f"{new}.tmp").iterdir())
    assert list(tmp_path.iterdir()) == [new]


class Clock:
    """Time that passes only while somebody sleeps; `at_sleep` is called each time with how often that was before."""

    def __init__(self, at_sleep: Callable[[int], None] = lambda _times: None) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self._at_sleep = at_sleep

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self._at_sleep(len(self.slept))
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize("read_only", [True, False])
def test_a_locked_store_names_the_other_process(
    path: Path, holder: subprocess.Popen[str], read_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("harmonize.engine.store.time", clock)
    with pytest.raises(StoreError, match=rf"in use by process {holder.pid} .*; waited 3 s\.") as caught:
        open_store(path, read_only=read_only, wait=3)
    assert caught.value.exit_code == 4
    assert 3 <= clock.now < 3 + 2 * max(clock.slept)
    assert max(clock.slept) < 1  # it looks again and again, not once at the end


def test_no_wait_for_a_locked_store(path: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("harmonize.engine.store.time", clock)
    with pytest.raises(StoreError, match=f"in use by process {holder.pid} "):
        open_store(path, wait=0)
    assert clock.slept == []


def test_waiting_for_a_locked_store(path: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process ends while we wait."""

    def end(times: int) -> None:
        if times == 2:
            holder.kill()
            holder.wait()

    clock = Clock(end)
    monkeypatch.setattr("harmonize.engine.store.time", clock)
    with open_store(path, wait=20) as store:
        assert store.con.execute("FROM t").fetchall() == [(1,)]
    assert len(clock.slept) == 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB, where this system lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system does not let the tests mount a tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    store_path = small_disk / "store.duckdb"
    with open_store(store_path, create=True) as store, store.transaction() as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS i")
    with open_store(store_path) as store, pytest.raises(duckdb.Error) as caught, store.transaction() as con:
        con.execute("CREATE TABLE big AS SELECT md5(range::VARCHAR) AS a FROM range(8000000)")
    known = translate(caught.value)
    assert isinstance(known, StoreError)
    assert "no space" in known.message
    assert _rows(store_path) == [(1,)]


def test_a_read_only_disk(small_disk: Path) -> None:
    store_path = small_disk / "store.duckdb"
    with open_store(store_path, create=True) as store, store.transaction() as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS i")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert _rows(store_path) == [(1,)]
    with pytest.raises(StoreError, match="cannot be written"):
        open_store(store_path)
    with pytest.raises(StoreError, match="cannot be written"):
        open_store(small_disk / "other.duckdb", create=True)


def test_ctrl_c_stops_a_long_statement(path: Path) -> None:
    """SIGINT arrives while DuckDB computes and Python's own handler cannot run; and again the next time."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it

    def insert_and_compute(begun: threading.Event) -> None:
        with open_store(path) as store, store.transaction() as con:
            tell_beginning(con, begun)
            con.execute("INSERT INTO t SELECT 5")
            con.execute(LONG)

    try:
        for _ in range(2):
            begun = threading.Event()
            sender = interrupt_when(begun)
            with pytest.raises((KeyboardInterrupt, RuntimeError, duckdb.InterruptException)) as caught:
                insert_and_compute(begun)
            sender.join()
            assert isinstance(translate(caught.value), InterruptedByUserError)
    finally:
        signal.signal(signal.SIGINT, before)
    assert _rows(path) == [(1,)]


def test_time_limit() -> None:
    con, begun = duckdb.connect(), threading.Event()
    tell_beginning(con, begun)
    with pytest.raises(duckdb.InterruptException), time_limit(con, 0.3) as expired:
        con.execute(LONG)
    assert expired.is_set()
    with time_limit(con, None) as expired:
        assert con.execute("SELECT 1").fetchone() == (1,)
    assert not expired.is_set()


def test_a_time_limit_that_is_over_before_the_statement_begins() -> None:
    con = duckdb.connect()
    tell_beginning(con, threading.Event())
    with time_limit(con, 0) as expired:
        expired.wait()
        with pytest.raises(duckdb.InterruptException):
            con.execute(LONG)


def test_a_time_limit_ends_with_its_block() -> None:
    con = duckdb.connect()
    before = threading.active_count()
    with time_limit(con, 3600):
        con.execute("SELECT 1")
    assert threading.active_count() == before


def test_out_of_memory_is_the_store_s_matter() -> None:
    con = duckdb.connect(config={"memory_limit": "20MB", "temp_directory": ""})
    with pytest.raises(duckdb.Error) as caught:
        con.execute("SELECT list(md5(range::VARCHAR)) FROM range(10000000)")
    known = translate(caught.value)
    assert isinstance(known, StoreError)
    assert "--memory" in str(known.hint)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (OSError(28, "No space left on device", "x"), StoreError),
        (PermissionError(13, "Permission denied", "x"), StoreError),
        (FileNotFoundError(2, "No such file or directory", "x"), InputError),
        (duckdb.IOException('IO Error: No files found that match the pattern "x.csv"'), InputError),
        (KeyboardInterrupt(), InterruptedByUserError),
        (RuntimeError("Query interrupted"), InterruptedByUserError),
    ],
)
def test_translation(problem: BaseException, kind: type) -> None:
    assert type(translate(problem)) is kind


@pytest.mark.parametrize("problem", [ValueError("x"), RuntimeError("other"), duckdb.BinderException("x")])
def test_what_is_our_failure_is_not_translated(problem: Exception) -> None:
    assert translate(problem) is None


@pytest.mark.parametrize(("text", "size"), [("2GB", 2_000_000_000), ("512 MB", 512_000_000), ("1.5GiB", 1_610_612_736)])
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "two", "-1GB", "10MB", "5 PB"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(InputError, match=re.escape(repr(text))):
        parse_size(text)


def test_duckdb_gets_its_share_of_the_promise() -> None:
    assert duckdb_limit("1GiB") == f"{int(1024**3 * 0.65) // 1024}KiB"


@pytest.mark.parametrize("promise", ["256MiB", "3GB", "40GB"])
def test_a_connection_tells_its_limit(promise: str) -> None:
    with duckdb.connect(config={"memory_limit": duckdb_limit(promise)}) as con:
        assert limit_of(con) == pytest.approx(parse_size(promise) * 0.65, rel=0.02)


def test_a_checkpoint_that_fails_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed is not lost, and nobody is told that it lies in the file."""

    class Full:
        """A connection on a disk that is full when the file is to be written."""

        def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
            self.con = con

        def execute(self, statement: str) -> None:
            assert statement == "CHECKPOINT"
            raise duckdb.IOException("IO Error: Could not write all bytes to file: No space left on device")

        def close(self) -> None:
            self.con.close()

    store = open_store(path)
    with store.transaction() as con:
        con.execute("CREATE TABLE kept (id INTEGER)")
    monkeypatch.setattr(store, "con", Full(store.con))
    with pytest.raises(StoreError, match="All is committed") as told:
        store.close()
    assert told.value.exit_code == 4
    with open_store(path) as again:
        assert again.con.execute("FROM kept").fetchall() == []


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("300000000", 300_000_000), ("300000K", 300_000_000), ("300MB", 300_000_000), ("2g", 2_000_000_000),
        ("1.5TB", 1_500_000_000_000), ("300000KiB", 307_200_000), ("300 MiB", 314_572_800), ("1GiB", 1_073_741_824),
        (" 1tib ", 1_099_511_627_776), ("256MiB", 268_435_456), ("1024TiB", 1_125_899_906_842_624),
    ],
)  # fmt: skip
def test_an_amount_of_memory(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "2 GB more", "MB", "2PB", "-1GB", "268435455", "1025TiB"])
def test_what_is_no_amount_of_memory(text: str) -> None:
    with pytest.raises(InputError):
        parse_size(text)
