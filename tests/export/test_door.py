"""The process behind the door: what it may take, and that nothing is left of it however it ends."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from harmonize.engine.errors import InputError, InternalError, StoreError
from harmonize.export import door
from harmonize.export.frames import Fetched, Limits

ENDLESS = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b"
SMALL = "256MiB"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("door") / "x.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    return path


@pytest.fixture(autouse=True)
def spill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files are made; a test's own, so that what is left can be seen."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def ask(db: Path, sql: str, **limits: float | str | int) -> tuple[str, Fetched]:
    with door.ask(db, sql, format="csv", limits=Limits(**limits)) as answer:  # type: ignore[arg-type]
        return b"".join(answer).decode(), answer.outcome


def await_end(pid: int) -> None:
    """Wait until a process that is none of ours has ended."""
    with suppress(ProcessLookupError), os.fdopen(os.pidfd_open(pid)) as process:
        assert select.select([process], [], [], 30)[0], "it did not end in 30 s"


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def test_an_answer_comes_in_pieces_with_its_outcome(db: Path, spill: Path) -> None:
    with door.ask(db, "SELECT range AS i FROM range(200000)", format="csv") as answer:
        pieces = list(answer)
        pid = answer.pid
    assert len(pieces) > 2
    assert b"".join(pieces).splitlines()[-1] == b"199999"
    assert answer.outcome == Fetched(200_000, False)
    assert not runs(pid)
    assert list(spill.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(repeat('x', 1000000000))",
        "SELECT len(range(400000000))",
        "SELECT count(*) FROM (SELECT unnest(range(300000000)))",
        "SELECT repeat('x', 3000000) FROM range(1000)",
    ],
)
def test_one_function_cannot_take_the_memory(db: Path, sql: str, spill: Path) -> None:
    with pytest.raises(StoreError, match="more memory than it was given") as caught:
        ask(db, sql, memory=SMALL, threads=2)
    assert "--memory" in str(caught.value.hint)
    assert list(spill.iterdir()) == []


@pytest.mark.parametrize("threads", [2, 16])
def test_what_spills_passes(db: Path, threads: int) -> None:
    """4 M rows are sorted in 166 MiB, which needs the disk, within what the address space allows."""
    sql = "SELECT max(r) AS n FROM (SELECT row_number() OVER (ORDER BY hash(i)) AS r FROM range(4000000) t(i))"
    assert ask(db, sql, memory=SMALL, threads=threads)[0] == "n\n4000000\n"


def test_threads_are_few_where_memory_is_small(db: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from harmonize.export.sandbox import open_sandbox

    monkeypatch.setattr("os.cpu_count", lambda: 64)
    with open_sandbox(db, wait=0, spill=tmp_path, memory=SMALL) as con:
        assert con.execute("SELECT current_setting('threads')").fetchone() == (8,)


def test_a_query_stops_at_its_time(db: Path, spill: Path) -> None:
    with pytest.raises(InputError, match=r"stopped after 0\.3 s") as caught:
        ask(db, ENDLESS, seconds=0.3)
    assert caught.value.hint == "Allow it longer with --seconds."
    assert list(spill.iterdir()) == []


def test_a_process_that_does_not_stop_is_killed(db: Path, monkeypatch: pytest.MonkeyPatch, spill: Path) -> None:
    monkeypatch.setattr(door, "GRACE_SECONDS", 0.1)
    with door.ask(db, ENDLESS, format="csv", limits=Limits(seconds=0.2), wait=0) as answer:
        os.kill(answer.pid, signal.SIGSTOP)  # it stops nothing by itself, not even at opening
        with pytest.raises(InputError, match=r"stopped after 0\.2 s"):
            list(answer)
        assert not runs(answer.pid)
    assert list(spill.iterdir()) == []


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
def test_a_process_that_was_ended_is_told_in_a_sentence(db: Path, sign: signal.Signals) -> None:
    with door.ask(db, ENDLESS, format="csv") as answer:
        os.kill(answer.pid, sign)
        with pytest.raises(StoreError, match=f"was ended by {sign.name} before its answer was whole") as caught:
            list(answer)
    assert "memory" in str(caught.value.hint)


def test_what_a_broken_installation_says_is_told(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = door.start
    monkeypatch.setattr(door, "start", lambda _, errors: start("harmonize.no_such_module", errors=errors))
    with pytest.raises(InternalError, match=r"ended with code 1.*No module named harmonize.no_such_module"):
        ask(db, "SELECT 1")


def test_who_reads_no_more_leaves_no_process(db: Path, spill: Path) -> None:
    with door.ask(db, "SELECT range AS i FROM range(1000000000000)", format="csv") as answer:
        assert next(iter(answer)).startswith(b"i\n0\n1\n")
    assert not runs(answer.pid)
    assert list(spill.iterdir()) == []


def test_it_ends_with_a_caller_that_was_killed(db: Path, spill: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom harmonize.export.door import ask\n"
        f"with ask(Path({str(db)!r}), {ENDLESS!r}, format='csv') as answer:\n"
        "    print(answer.pid, flush=True)\n    list(answer)\n"
    )
    environment = {**os.environ, "TMPDIR": str(spill)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as caller:
        assert caller.stdout is not None
        pid = int(caller.stdout.readline())
        caller.kill()
    await_end(pid)
    assert list(spill.iterdir()) == []


def test_an_answer_that_was_not_read_has_no_outcome(db: Path) -> None:
    with door.ask(db, "SELECT 1", format="csv") as answer, pytest.raises(InternalError, match="not read to its end"):
        answer.outcome  # noqa: B018


def test_what_is_to_be_loaded_again_is_told_before_the_rows(empty_store: Path, tmp_path: Path) -> None:
    store, said = Path(shutil.copy(empty_store, tmp_path / "study.duckdb")), list[str | bytes]()
    with duckdb.connect(str(store)) as con:
        con.execute("INSERT INTO harmonize.needs_reload VALUES ('B', 'its texts are screened anew.', 8)")
    with door.ask(store, "SELECT 1 AS a", format="csv", tell=said.append) as answer:
        said.extend(answer)
    assert said == ["Load the files of the project B again: its texts are screened anew.", b"a\n1\n"]


@pytest.mark.parametrize(
    "brought",
    [
        "CREATE VIEW harmonize.needs_reload AS SELECT current_setting('threads') AS project_id, 'x' AS reason",
        "CREATE TABLE harmonize.needs_reload (project_id VARCHAR, reason VARCHAR AS (current_setting('threads')))",
        "CREATE TABLE harmonize.needs_reload AS SELECT 'x' AS project_id",
        "CREATE TABLE harmonize.other AS SELECT 'x' AS project_id, 'x' AS reason",
    ],
)
def test_a_file_of_others_tells_nothing(brought: str, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as con:
        con.execute(f"CREATE SCHEMA harmonize; {brought}")
        con.execute("INSERT INTO harmonize.needs_reload VALUES ('x')" if "reason VARCHAR" in brought else "SELECT 1")
    said: list[str] = []
    with door.ask(tmp_path / "x.duckdb", "SELECT 1 AS a", format="csv", tell=said.append) as answer:
        assert b"".join(answer) == b"a\n1\n"
    assert said == []


def test_a_long_statement_reaches_it(db: Path) -> None:
    text = "x" * 1_000_000
    assert ask(db, f"SELECT length('{text}') AS n")[0] == "n\n1000000\n"
