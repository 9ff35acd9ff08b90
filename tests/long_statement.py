"""A statement that takes minutes, and that says when DuckDB computes it: what should stop it and does not, fails."""

from __future__ import annotations

import os
import signal
import threading

import duckdb

LONG = "SELECT sum(a.range * 2 + b.range + s.begun) FROM (SELECT begun() AS begun) s, range(1000000) a, range(3000) b"


def tell_beginning(con: duckdb.DuckDBPyConnection, begun: threading.Event) -> None:
    """Make begun() of LONG: it sets the event."""

    def called() -> int:
        begun.set()
        return 0

    con.create_function("begun", called, [], "BIGINT", side_effects=True)  # type: ignore[arg-type]


def interrupt_when(begun: threading.Event) -> threading.Thread:
    """Send SIGINT to this process as soon as the event is set; the thread has been started."""

    def send() -> None:
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    return thread
