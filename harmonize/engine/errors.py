"""The exceptions that reach a user, each with the exit code of the command line contract.

0 done; 1 done and the result is negative; 2 usage or unreadable input; 3 a failure of ours;
4 the store is locked, read-only or out of space; 130 interrupted.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class HarmonizeError(Exception):
    """A failure told in one readable sentence.

    `hint` is what would be right or what to type next, shown on a line of its own.
    """

    exit_code = 3

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(HarmonizeError):
    """Usage, unreadable or unsupported input, wrong SQL, unknown id."""

    exit_code = 2


class RefusedError(HarmonizeError):
    """What was asked for was done and looked at, and is not given out: its content must not leave."""

    exit_code = 1


class HeldError(RefusedError):
    """A store was to be read for others that holds what does not leave it; a copy without that is to be read."""


class InternalError(HarmonizeError):
    """A failure of ours, an unbalanced ledger included; nothing was committed."""

    exit_code = 3


class StoreError(HarmonizeError):
    """The store is locked, read-only, out of space or out of memory; nothing was committed."""

    exit_code = 4


def nearest(value: str, choices: Iterable[str]) -> str | None:
    """The choice most like `value` (case and blanks aside), or None when none is near."""
    pool = list(choices)
    folded = {choice.strip().casefold(): choice for choice in pool}
    hits = get_close_matches(value.strip().casefold(), folded, n=1, cutoff=0.6)
    return folded[hits[0]] if hits else None


def did_you_mean(value: str, choices: Iterable[str]) -> str | None:
    """A hint sentence that names the nearest choice, or lists up to ten when none is near."""
    pool = sorted(set(choices))
    near = nearest(value, pool)
    if near is not None:
        return f"Did you mean {near!r}?"
    if not pool:
        return None
    return "Known: " + ", ".join(pool[:10]) + (" …" if len(pool) > 10 else "")
