"""The views of a load: a resource that may mean something else than it says is blocked, whatever its type."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import orjson
import pytest

from harmonize.engine.paths import root, sql
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.definitions import elements
from harmonize.mapping.views.view import parse_view

VIEWS = {file.stem: orjson.loads(file.read_bytes()) for file in (root("mappings") / "fhir" / "load").glob("*.json")}
MODIFIER = {"modifierExtension": [{"url": "http://x.org/not", "valueBoolean": True}]}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(sql("views/functions"))
    con.execute("CREATE TABLE stage (resource BIGINT, resource_type VARCHAR, json VARCHAR)")
    return con


def blocking(view: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The view with its column `blocked` alone, and the elements whose modifierExtension that asks for beside the
    resource's own."""
    (column,) = (c for select in view["select"] for c in select.get("column", ()) if c["name"] == "blocked")
    nested = [part.removesuffix(".modifierExtension.exists()") for part in column["path"].split(" or ")[2:]]
    return {**view, "select": [{"column": [column]}], "where": []}, nested


def holding(kind: str, path: str) -> dict[str, Any]:
    """What a resource or part of this type holds where the element of this path below it has a modifier."""
    name, _, rest = path.partition(".")
    if chosen := re.match(r"ofType\((\w+)\)\.?", rest):
        return {name + chosen[1]: holding(chosen[1], rest[chosen.end() :]) if rest[chosen.end() :] else MODIFIER}
    element = elements(kind)[name]
    inner = holding(element.types[0], rest) if rest else MODIFIER
    return {name: [inner] if element.many else inner}


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_what_modifies_a_resource_blocks_it(con: duckdb.DuckDBPyConnection, name: str) -> None:
    view, nested = blocking(VIEWS[name])
    plain = {"resourceType": view["resource"], "id": "1"}
    changes: list[dict[str, Any]] = [{}, {"implicitRules": "http://x.org/rules"}, MODIFIER]
    changes += [holding(view["resource"], element) for element in nested]
    con.execute("TRUNCATE stage")
    sent = [(n, view["resource"], orjson.dumps(plain | change).decode()) for n, change in enumerate(changes)]
    con.executemany("INSERT INTO stage VALUES (?, ?, ?)", sent)
    compiled = compile_views([parse_view(view)], Source("stage"), ordered=True)
    cursor = con.execute(compiled.statement(compiled.views[0]))
    assert [column[0] for column in cursor.description or ()] == ["blocked"]
    found = [blocked for (blocked,) in cursor.fetchall()]
    assert found == [False, *[True] * (len(changes) - 1)]
