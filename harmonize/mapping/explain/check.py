"""Is a mapping sound: does it compile, is every column accounted for, are its value sets right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler.compile import compile_all, mapping_folder
from harmonize.mapping.explain.advice import advice
from harmonize.mapping.explain.drafted import drafted
from harmonize.vocabulary.value_set_check import Problem, check_value_sets

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+):? (?P<rest>.*)", re.DOTALL)


def check(name_or_path: str | Path, con: DuckDBPyConnection | None = None, *, whole: bool = True) -> list[Problem]:
    """All that is wrong with a mapping, by file and line; empty when it is sound.

    With a connection to a store the objects of its value sets are looked up in the vocabulary there, which is not
    `whole` where it is the starter alone. Marks of a draft that nobody settled are warnings, and so is what compiles
    and still goes wrong without a word.
    Raises InputError where there is no such mapping.
    """
    folder = mapping_folder(name_or_path)
    try:
        _, faults = compile_all(folder)
    except InputError as error:
        faults = [error]
    told = [*map(_problem, faults), *check_value_sets(folder, con, whole=whole), *drafted(folder)]
    sound = all(problem.level != "error" for problem in told)
    return [*told, *(advice(folder) if sound else [])]


def _problem(fault: InputError) -> Problem:
    """A fault of the compiler, which begins with its place."""
    place = _PLACE.fullmatch(fault.message)
    if place is None:
        return Problem("", 0, "error", fault.message, fault.hint)
    file = place["file"].replace("\\", "/").rpartition("/")[2]
    return Problem(file, int(place["line"]), "error", place["rest"], fault.hint)
