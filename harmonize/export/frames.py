"""What the two sides of the door share: the limits of a statement, and the frames in which its answer comes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harmonize.engine.errors import InputError

# A frame: one letter, the length of what follows, and that many bytes.
FRAME = struct.Struct(">cI")
OPENED, DATA, DONE, FAILED = b"o", b"d", b"e", b"x"

Value = str | int | float | bool | None
Values = dict[str, Value]
"""What is bound to the `$name` of a statement."""


@dataclass(frozen=True)
class Limits:
    """What one statement may take.

    `rows` are the most that are handed over. `seconds` run from the opening of the file to the last byte that is
    taken. `memory` is as in `engine.memory`. `threads` are DuckDB's (None: as many as cores and memory allow).
    """

    rows: int | None = None
    seconds: float | None = None
    memory: str | None = None
    threads: int | None = None


@dataclass(frozen=True)
class Fetched:
    """How many rows were handed over, whether the limit left some out, and whether they say nothing: no row, or a
    single one of counts that are 0."""

    rows: int
    truncated: bool
    is_empty: bool = False


def says_nothing(rows: Sequence[tuple[Any, ...]]) -> bool:
    """Whether rows say nothing: there is none, or a single one of counts that are 0 and sums of nothing."""
    return not rows or (len(rows) == 1 and all(value is None or value == 0 for value in rows[0]))


def stopped(seconds: float | None) -> InputError:
    """What is told of a statement over its time."""
    return InputError(f"The query was stopped after {seconds:g} s.", "Allow it longer with --seconds.")
