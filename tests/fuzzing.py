"""What `make fuzz` adds to pytest: every random test goes on with new seeds until its share of the time is over."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator
from itertools import count

import hypothesis
import pytest
from chance import CANARY, FINDS


class Fuzzing:
    """Rounds of one test, each with the next seed; what is found is written to a file with how to find it again."""

    def __init__(self) -> None:
        self.seconds = float(os.environ.get("FUZZ_SECONDS") or 600)
        self.seed = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
        self.share = self.seconds
        self.rounds: dict[str, int] = {}

    def pytest_report_header(self) -> str:
        return f"fuzz: FUZZ_SECONDS={self.seconds:g} FUZZ_SEED={self.seed}, finds are kept in {FINDS}"

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.share = self.seconds / max(1, len(session.items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        if not hypothesis.is_hypothesis_test(pyfuncitem.obj):
            return None
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        until = time.monotonic() + self.share
        for number in count():
            seed = self.seed + number
            self.rounds[pyfuncitem.nodeid] = number + 1
            try:
                hypothesis.seed(seed)(pyfuncitem.obj)(**arguments)
            except Exception as problem:
                problem.add_note(f"Found with FUZZ_SEED={seed}, in round {number + 1}.")
                raise
            if time.monotonic() >= until:
                return True
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        report = yield
        if report.failed and not CANARY:
            FINDS.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"\W+", "_", item.nodeid.rpartition("/")[2])
            (FINDS / f"{name}-{self.seed}.txt").write_text(f"{item.nodeid}\n\n{report.longreprtext}\n")
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for test, rounds in self.rounds.items():
            terminalreporter.write_line(f"{rounds:4} rounds of {test}")
        terminalreporter.write_line(self.pytest_report_header())
