"""Answers for others: from the store itself where all of it may leave, else from its copy without the rest.

A query waits for no more than it needs: what makes the copy and writes the log is imported where there is cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from harmonize.engine.errors import HeldError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harmonize.release.reading import Reading

T = TypeVar("T")


def read_for(db: Path, reading: Reading, run: Callable[[Path, bool], T]) -> T:
    """What `run` gives of the store or of its copy; it takes the file to read and whether that is meant inside.

    It is run on the store first, and says itself (HeldError) where that holds what does not leave it.
    """
    if reading.internal:
        from harmonize.release.leaving import note_internal

        note_internal(db, reading)
        return run(db, True)
    try:
        return run(db, False)
    except HeldError:
        from harmonize.release.copy import current_copy

        return run(current_copy(db, wait=reading.wait, memory=reading.memory), False)
