"""The errors that reach a user, and the exit codes that scripts rely on."""

from __future__ import annotations

import pytest

from harmonize.engine.errors import (
    HarmonizeError,
    InputError,
    InternalError,
    RefusedError,
    StoreError,
    did_you_mean,
    nearest,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [(HarmonizeError, 3), (InputError, 2), (RefusedError, 1), (InternalError, 3), (StoreError, 4)],
)
def test_the_exit_code_of_an_error(error: type[HarmonizeError], code: int) -> None:
    assert error("What happened.").exit_code == code


def test_the_nearest_choice_is_told_whatever_its_case() -> None:
    assert nearest(" femal", ["Male", "Female"]) == "Female"
    assert nearest("zzz", ["Male", "Female"]) is None
    assert did_you_mean("Mael", ["Female", "Male"]) == "Did you mean 'Male'?"


def test_where_none_is_near_ten_are_listed() -> None:
    ten = [f"choice{number}" for number in range(10)]
    assert did_you_mean("?", ten) == "Known: " + ", ".join(ten)
    assert did_you_mean("?", [*ten, "more"]) == "Known: " + ", ".join(ten) + " …"
    assert did_you_mean("?", []) is None
