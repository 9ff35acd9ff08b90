"""YAML of others: read in bounded time and memory, or refused with its line."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.lined_yaml import read_lined
from harmonize.engine.yaml_text import DEEPEST, MOST_BY_ALIAS, compose_yaml, load_yaml, read_yaml

NINE = ", ".join(["*{0}"] * 9)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{NINE.format(before)}]\n" for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{after}: &{after}\n  <<: [{NINE.format(before)}]\n" for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
REFUSED = {
    "aliases of aliases": (BOMB, "line 6"),
    "merged aliases": (MERGE_BOMB, "line 11"),
    "an alias of what holds it": ("a: 1\nb: &b [*b]\n", "line 2"),
    "an alias of nothing": ("a: *b\n", "line 1"),
    "brackets": ("a:\n  " + "[" * 200, "line 2"),
    "blocks": ("\n".join(" " * n + "a:" for n in range(200)), f"line {DEEPEST}"),
    "lists of lists": ("- " * 200 + "a", "line 1"),
    "keys of keys": ("? " * 200 + "a", "line 1"),
    "a tag of Python": ("a: !!python/object/apply:os.system [true]\n", "line 1"),
    "a list as key": ("? [1, 2]\n: 3\n", "line 1"),
    "a control character": ('a: "\x07"\n', ""),
    "half a pair": ('a: "\\ud800"\n', "line 1"),
    "no day": ("a: 2020-13-45\n", ""),
    "a number of 10,000 digits": ("a: " + "9" * 10_000 + "\n", ""),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize(
    "read", [read_yaml, compose_yaml, partial(read_lined, what="a mapping")], ids=["load", "compose", "lined"]
)
def test_what_is_refused(read: Any, kind: str, tmp_path: Path) -> None:
    text, line = REFUSED[kind]
    path = tmp_path / "x.yaml"
    path.write_text(text)
    if read is compose_yaml and kind in ("a tag of Python", "a list as key", "no day", "a number of 10,000 digits"):
        assert read(path) is not None  # nothing is made of the values
        return
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(path) + line.replace("line ", ":") in caught.value.message
    assert "\n" not in caught.value.message


def test_aliases_and_levels_that_people_use_are_read() -> None:
    text = "a: &a {x: 1, y: [1, 2]}\nb: {<<: *a, z: 3}\nc: [*a, *a]\n"
    assert load_yaml(text, Path("x.yaml")) == {
        "a": {"x": 1, "y": [1, 2]},
        "b": {"x": 1, "y": [1, 2], "z": 3},
        "c": [{"x": 1, "y": [1, 2]}] * 2,
    }
    deep = "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)
    assert load_yaml(deep, Path("x.yaml")) is not None


def test_the_bound_of_aliases_counts_each_use() -> None:
    ten = "a: &a [" + ", ".join("x" * 9) + "]\n"
    most = MOST_BY_ALIAS // 10
    assert load_yaml(ten + "b: [" + ", ".join(["*a"] * most) + "]", Path("x.yaml"))
    with pytest.raises(InputError, match="aliases stand for more than"):
        load_yaml(ten + "b: [" + ", ".join(["*a"] * (most + 1)) + "]", Path("x.yaml"))
