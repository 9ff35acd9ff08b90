"""Other processes of this Python that run one function on many items, so that all cores work."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from harmonize.engine.errors import InternalError
from harmonize.engine.process import start
from harmonize.engine.quiet import quiet_libraries

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Iterator

    Process = subprocess.Popen[bytes]


def in_processes(function: str, items: Iterable[Any], count: int | None = None) -> Iterator[Any]:
    """The results of `function` (`package.module:name`) for each item, in their order, by `count` processes (None: one
    a core).

    Items and results are pickled; few of them are under way at a time. Raises what the function raises, and
    InternalError where a process ends before its work.
    """
    count = count or os.cpu_count() or 1
    with _processes(function, count) as idle, ThreadPoolExecutor(count) as pool:
        waiting: deque[Future[Any]] = deque()
        for item in items:
            waiting.append(pool.submit(_ask, idle, item))
            if len(waiting) > 2 * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _processes(function: str, count: int) -> Iterator[SimpleQueue[Process]]:
    started = [start(__name__, function) for _ in range(count)]
    idle: SimpleQueue[Process] = SimpleQueue()
    for process in started:
        idle.put(process)
    try:
        yield idle
    finally:
        for process in started:
            process.kill()  # it holds nothing that must be finished
            process.communicate()


def _ask(idle: SimpleQueue[Process], item: Any) -> Any:
    process = idle.get()
    try:
        if process.stdin is None or process.stdout is None:
            raise InternalError("A process was started without its pipes.")
        pickle.dump(item, process.stdin)
        process.stdin.flush()
        good, result = pickle.load(process.stdout)
    except (EOFError, BrokenPipeError) as error:
        raise InternalError("A process that helped ended before its work, perhaps for want of memory.") from error
    finally:
        idle.put(process)
    if not good:
        raise result
    return result


def _work(function: str) -> None:
    """Answer the items that come on stdin until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to handle
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the function prints is no answer
    quiet_libraries()  # as the command does
    module, _, name = function.partition(":")
    call = getattr(import_module(module), name)
    while True:
        try:
            item = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (True, call(item))
        except Exception as error:  # noqa: BLE001 - the caller raises it
            answer = (False, error)
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    _work(sys.argv[1])
