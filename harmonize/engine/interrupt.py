"""Ctrl-C while DuckDB works.

Python runs signal handlers only between its own instructions, so a long statement would not notice SIGINT.
The wake-up descriptor is written at once, whatever runs; a thread reads it and interrupts DuckDB.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_QUIT = b"\0"  # no signal has number 0
_AGAIN_SECONDS = 0.05


@contextmanager
def interruptible(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """While the block runs, SIGINT interrupts the running statement of `con`; KeyboardInterrupt follows.

    Only the main thread receives signals; elsewhere, and inside another such block, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    if before != -1:
        signal.set_wakeup_fd(before)
        reader.close()
        writer.close()
        yield
        return

    def watch() -> None:
        while (received := reader.recv(1)) not in (_QUIT, b""):
            if received[0] == signal.SIGINT:
                con.interrupt()

    watcher = threading.Thread(target=watch, name="harmonize-interrupt", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        writer.send(_QUIT)
        watcher.join()
        reader.close()
        writer.close()


@contextmanager
def time_limit(con: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[threading.Event]:
    """Interrupt `con` after `seconds` (None: never); the event that is yielded says whether that happened."""
    expired, over = threading.Event(), threading.Event()
    if seconds is None:
        yield expired
        return

    def watch() -> None:
        if over.wait(seconds):
            return
        expired.set()
        con.interrupt()
        while not over.wait(_AGAIN_SECONDS):  # a statement that began just after the last time has not heard it
            con.interrupt()

    watcher = threading.Thread(target=watch, name="harmonize-time-limit", daemon=True)
    watcher.start()
    try:
        yield expired
    finally:
        over.set()
        watcher.join()
