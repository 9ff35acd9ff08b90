"""Chance in the tests: none in `make test`, which draws the same examples every time; all of it in `make fuzz`.

A test takes the settings of its examples from examples() or seeded() and never from hypothesis itself, so that one
profile rules all of them. docs/tests.md says how the tests are organised and what to do with a find.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

FUZZING = os.environ.get("HARMONIZE_EXAMPLES") == "fuzz"
CANARY = os.environ.get("HARMONIZE_CANARY")
"""A fault of tests/canaries.py that is planted, to see that it is found."""
TIMES = int(os.environ.get("FUZZ_TIMES") or 4) if FUZZING else 1
"""How many times as many examples a test draws as it says."""
FINDS = Path(os.environ.get("FUZZ_FINDS") or Path(__file__).resolve().parent.parent / ".hypothesis" / "finds")

_SEEDS = st.integers(0, 2**32 - 1)


def load_profile() -> None:
    """Called by conftest.py, before any test module is imported."""
    _draw_nothing_from_our_source()
    usual: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
    settings.register_profile("test", derandomize=True, database=None, **usual)
    settings.register_profile("fuzz", derandomize=False, database=None, **usual)  # a find is kept by fuzzing.py
    settings.load_profile("fuzz" if FUZZING else "test")


def _draw_nothing_from_our_source() -> None:
    """hypothesis draws constants out of the modules of the project that happen to be imported.

    What is drawn would then depend on the order of the tests and on every line of the code: tests/test_chance.py
    fails where this has no effect any more.
    """
    if hasattr(providers, "_get_local_constants"):
        nothing = providers._local_constants
        providers._get_local_constants = lambda: nothing


def examples(count: int, *, shrink: bool = True) -> settings:
    """So many examples in `make test`, `TIMES` as many a round in `make fuzz`.

    Without `shrink` a failure is shown as it was found: where the message names what is wrong, and to make the
    example smaller would take minutes.
    """
    phases = [Phase.explicit, Phase.generate, *([Phase.target, Phase.shrink] if shrink else [])]
    return settings(max_examples=count * TIMES, phases=phases)


class _EnoughError(Exception):
    """All that was wanted has been drawn."""


def never_drawn(generator: st.SearchStrategy[Any], wanted: dict[str, Callable[[Any], bool]], most: int) -> list[str]:
    """Which of these a generator did not give among so many examples, always the same ones.

    It states what a generator can give: one that is made smaller until a test no longer fails is noticed.
    """
    left = dict(wanted)

    @settings(max_examples=most, derandomize=True, database=None, phases=[Phase.generate])
    @given(generator)
    def draw(drawn: Any) -> None:
        for name in [name for name, is_it in left.items() if is_it(drawn)]:
            del left[name]
        if not left:
            raise _EnoughError

    try:
        draw()
    except _EnoughError:
        return []
    return list(left)


def seeded(*seeds: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """For tests that make their own chance of a `seed`: these seeds in `make test`, others too in `make fuzz`."""

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        phases = [Phase.explicit, *([Phase.generate] if FUZZING else [])]
        made = settings(max_examples=TIMES, phases=phases)(given(seed=_SEEDS)(test))
        for seed in reversed(seeds):
            made = example(seed=seed)(made)
        return made

    return decorated
