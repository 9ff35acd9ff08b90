"""How far work has come: parts that run side by side, what DuckDB tells, what code says it has reached."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from harmonize.cli.main import main
from harmonize.engine.progress import Meter, Part, as_meter, reached, size_text


@pytest.fixture
def meter() -> Meter:
    """A meter with a bar, whose clock stands at 30 s after it began."""
    times = iter([0.0])
    return Meter(lambda _step: None, shown=True, clock=lambda: next(times, 30.0))


def test_parts_count_by_their_bytes_and_shares(meter):
    assert meter.told() == ""
    meter.expect(300_000_000, 1.0)
    assert meter.told() == "0 B of 300.0 MB  0 %"
    with meter.over(0.5, size=100_000_000):
        reached(0.6)
        assert meter.fraction() == pytest.approx(0.1)
    assert meter.fraction() == pytest.approx(0.5 / 3)
    with meter.over(0.5, size=200_000_000):
        pass
    assert meter.told() == "150.0 MB of 300.0 MB  50 %  0:30 left"
    with meter.over(0.5):
        reached(0.5)
        reached(0.2)
        assert meter.fraction() == pytest.approx(0.75), "never back"
    assert meter.told() == "300.0 MB of 300.0 MB  100 %  0:00 left"


def test_parts_side_by_side_are_added(meter):
    meter.expect(100, 1.0)
    ready, go = threading.Event(), threading.Event()

    def other() -> None:
        with meter.over(1.0, size=50):
            reached(0.5)
            ready.set()
            go.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait(10)
    with meter.over(1.0, size=50):
        reached(0.1)
        assert meter.fraction() == pytest.approx(0.3)
    go.set()
    thread.join()
    assert meter.fraction() == 1.0


def test_what_duckdb_tells_counts_up_to_the_next_mark():
    class Con:
        said = -1.0

        def query_progress(self) -> float:
            return self.said

    con = Con()
    part = Part(1, 1.0, con, start=0.2, until=0.6)  # type: ignore[arg-type]
    told = []
    for con.said in (-1.0, 50.0, 25.0, 100.0):
        told.append(round(part.fraction(), 3))
    assert told == [0.2, 0.4, 0.4, 0.6]


def test_a_statement_is_followed(meter):
    """DuckDB tells it of the connection that runs, and prints nothing."""
    meter.expect(1, 1.0)
    seen = []
    with duckdb.connect() as con, con.cursor() as cursor, meter.over(1.0, cursor):

        def run() -> None:
            with suppress(duckdb.InterruptException):
                cursor.execute("SELECT sum(sin(i)) FROM range(200_000_000) t (i)")

        work = threading.Thread(target=run)
        work.start()
        while work.is_alive():
            seen.append(meter.fraction())
            if 0 < seen[-1] < 1:
                cursor.interrupt()
            work.join(0.005)
        work.join()
    assert any(0 < one < 1 for one in seen)


def test_without_a_bar_nothing_is_asked():
    steps: list[str] = []
    meter = as_meter(steps.append)
    meter.expect(10, 1.0)
    with meter.over(1.0):
        reached(0.5)
        assert meter.parts == []
    meter("check")
    assert steps == ["check"]
    assert as_meter(meter) is meter
    as_meter(None)("nobody hears it")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (10**6, "1.0 MB"), (300 * 10**6, "300.0 MB"), (10**9, "1.0 GB")],
)
def test_sizes_in_words(size, text):
    assert size_text(size) == text


SLOW = """
import time
from harmonize.cli import console
from harmonize.engine.progress import reached
with console.progress("validate") as progress:
    progress.expect(300_000_000, 1.0)
    with progress.over(1.0):
        progress("check")
        reached(0.5)
        time.sleep(0.3)
"""


def test_the_bar_tells_bytes_percent_and_the_time_left():
    terminal, other = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "150"}
    command = [sys.executable, "-c", SLOW]
    done = subprocess.run(command, stderr=other, stdout=subprocess.PIPE, env=environment, check=True, timeout=60)
    os.close(other)
    seen = b""
    with suppress(OSError):  # the other end is closed
        while some := os.read(terminal, 65_536):
            seen += some
    os.close(terminal)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode("utf-8", "replace"))
    assert "validate: check" in text
    assert re.search(r"150\.0 MB of 300\.0 MB +50 % +0:00 left", text), text
    assert done.stdout == b"", "data go to stdout, the bar does not"


def test_no_bar_where_there_is_no_terminal(tmp_path: Path, capfd):
    (tmp_path / "table.csv").write_text("id,value\n1,2\n")
    assert main(["validate", str(tmp_path / "table.csv"), "--source", "ehr"]) == 0
    captured = capfd.readouterr()
    assert captured.err == "validate: file 1 of 1\n"
    assert "%" not in captured.out
