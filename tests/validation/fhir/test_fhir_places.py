"""Where the leaves of a resource stand: the list that SQL makes of them is what walking through the JSON finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from chance import examples
from hypothesis import given
from hypothesis import strategies as st

from harmonize.mapping.views.leaves import Leaf
from harmonize.validation.fhir.reads import parsed, placed

LEAVES = (
    Leaf((("status", False),), "code"),
    Leaf((("note", True), ("text", False)), "markdown"),
    Leaf((("code", False), ("coding", True), ("display", False)), "string"),
    Leaf((("name", True), ("given", True)), "string"),
    Leaf((("component", True), ("code", False), ("coding", True), ("display", False)), "string"),
    Leaf((("extension", True), ("valueString", False)), "string", urls=frozenset({"u"})),
    Leaf((("component", True), ("extension", True), ("valueString", False)), "string", urls=frozenset({"u", "v"})),
    Leaf((("category", True),), "CodeableConcept", whole=True),
)
TEXTS = st.sampled_from("abc")


def _some(**elements: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=elements)


CODE = _some(coding=st.lists(_some(display=TEXTS, code=TEXTS), max_size=3), text=TEXTS)
EXTENSIONS = st.lists(_some(url=st.sampled_from("uvw"), valueString=TEXTS), max_size=3)
RESOURCES = _some(
    status=TEXTS,
    note=st.lists(_some(text=TEXTS), max_size=3),
    code=CODE,
    name=st.lists(_some(given=st.lists(TEXTS, max_size=3)), max_size=3),
    component=st.lists(_some(code=CODE, extension=EXTENSIONS), max_size=3),
    extension=EXTENSIONS,
    category=st.lists(CODE, max_size=2),
)


def _walk(
    element: Any, steps: tuple[tuple[str, bool], ...], urls: frozenset[str], path: str
) -> Iterator[tuple[Any, str]]:
    if not steps:
        yield element, path
        return
    (name, many), rest = steps[0], steps[1:]
    if name not in element:
        return
    items = (
        [(one, f"{path}.{name}[{n}]") for n, one in enumerate(element[name])]
        if many
        else [(element[name], f"{path}.{name}")]
    )
    for item, at in items:
        if name != "extension" or item.get("url") in urls:
            yield from _walk(item, rest, urls, at)


def _found(con: duckdb.DuckDBPyConnection, resource: dict[str, Any]) -> list[tuple[int, str, str]]:
    text, leaves = json.dumps(resource), list(enumerate(LEAVES, start=1))
    return con.execute(
        f"SELECT t.leaf, t.value, t.path FROM (SELECT unnest({placed(leaves)}) AS t "
        f"FROM (SELECT {parsed(LEAVES)} AS r FROM (SELECT $json::VARCHAR AS json))) "
        "WHERE t.value IS NOT NULL ORDER BY ALL",
        {"json": text},
    ).fetchall()


@examples(80)
@given(RESOURCES)
def test_places_are_those_of_a_walk(resource: dict[str, Any]) -> None:
    wanted = [
        (number, json.dumps(value, separators=(",", ":")) if leaf.whole else value, path)
        for number, leaf in enumerate(LEAVES, start=1)
        for value, path in _walk(resource, leaf.steps, leaf.urls, "$")
    ]
    with duckdb.connect() as con:
        assert _found(con, resource) == sorted(wanted)
        paths = {
            path for (path,) in con.execute("SELECT fullkey FROM json_tree($1)", [json.dumps(resource)]).fetchall()
        }
        assert {path for _, _, path in wanted} <= paths


@pytest.mark.parametrize("name", ["note", "name", "component"])
def test_a_long_list_costs_memory_in_proportion(name: str) -> None:
    """20,000 items, with a text beside each that is read: a lambda that captured its list would need gigabytes."""
    item = {"text": "x" * 50, "given": ["y"] * 2, "code": {"coding": [{"display": "z" * 50}]}}
    with duckdb.connect(config={"memory_limit": "200MB", "threads": 1}) as con:
        found = _found(con, {name: [item] * 20_000})
    assert len(found) == (40_000 if name == "name" else 20_000)
