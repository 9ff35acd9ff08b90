"""Views that leave out what the resources do not have give the rows of those that look for everything."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from chance import examples
from fhir_strange import strange_export
from hypothesis import given

from harmonize.engine.paths import root, sql
from harmonize.mapping.views.compile import Source, compile_views, needed
from harmonize.mapping.views.shape import Present
from harmonize.mapping.views.view import View, parse_view, read_view
from harmonize.validation.fhir.shapes import Shapes

LOAD = [read_view(file) for file in sorted((root("mappings") / "fhir" / "load").glob("*.json"))]
STAGE = Source("stage")
_MOST = 300  # lines of a file: its resources are much alike


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(sql("views/functions"))
    con.execute("CREATE TABLE stage (resource BIGINT, resource_type VARCHAR, json VARCHAR)")
    return con


def present_in(resources: list[dict[str, Any]]) -> Present:
    shapes = Shapes()
    for number, resource in enumerate(resources):
        shapes.add(number, resource)
    return Present.of((path for paths in shapes.resources for path in paths), shapes.several)


def both(con: duckdb.DuckDBPyConnection, view: View, resources: list[dict[str, Any]]) -> tuple[Any, Any]:
    """The rows of the full view and of the pruned one; they are counted, since neither has an order."""
    con.execute("TRUNCATE stage")
    rows = [(number, view.resource, orjson.dumps(one).decode()) for number, one in enumerate(resources)]
    con.execute(
        "INSERT INTO stage SELECT unnest($1), unnest($2), unnest($3)", [list(part) for part in zip(*rows, strict=True)]
    )
    found = []
    for present in (None, present_in(resources)):
        compiled = compile_views([view], STAGE, keys=True, text=True, present=present)
        found.append(Counter(con.execute(compiled.statement(compiled.views[0])).fetchall()))
    return found[0], found[1]


def by_type(resources: list[Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in resources:
        if isinstance(one, dict) and isinstance(one.get("resourceType"), str):
            found.setdefault(one["resourceType"], []).append(one)
    return found


def view(*columns: str, **select: Any) -> View:
    told = [{"name": f"c{n}", "path": path} for n, path in enumerate(columns)]
    return parse_view({"resource": "Patient", "select": [{"column": told, **select}]})


@examples(40)
@given(lines=strange_export())
def test_strange_exports_give_the_same_rows(con: duckdb.DuckDBPyConnection, lines: list[str]) -> None:
    parsed = []
    for line in lines:
        try:
            parsed.append(orjson.loads(line))
        except orjson.JSONDecodeError:
            continue
    resources = by_type(parsed)
    for one in LOAD:
        if one.resource in resources:
            full, pruned = both(con, one, resources[one.resource])
            assert pruned == full
            assert not (full and present_in(resources[one.resource]).lacks(*needed(one)))


@pytest.mark.realdata
@pytest.mark.parametrize("folder", ["synthea_ndjson", "bulk_ndjson", "hl7_examples"])
def test_published_resources_give_the_same_rows(con: duckdb.DuckDBPyConnection, shared: Path, folder: str) -> None:
    found = []
    for file in sorted((shared / "fhir" / folder).iterdir()):
        if file.suffix == ".ndjson":
            found += [orjson.loads(line) for line in file.read_bytes().splitlines()[:_MOST]]
        elif file.suffix == ".json":
            found.append(orjson.loads(file.read_bytes()))
    resources = by_type(found)
    compared = 0
    for one in LOAD:
        if one.resource in resources:
            full, pruned = both(con, one, resources[one.resource])
            assert pruned == full
            assert not (full and present_in(resources[one.resource]).lacks(*needed(one)))
            compared += len(full)
    assert compared > 100


PATIENTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "extension only": {"_birthDate": {"extension": [{"url": "u", "valueString": "x"}]}},
    "one name": {"name": [{"family": "A", "given": ["x", "y"]}]},
    "two names": {"name": [{"family": "A"}, {"family": "B", "use": "old"}]},
    "empty objects": {"name": [{}, {}]},
    "empty lists": {"name": [], "telecom": []},
    "null and an object": {"name": [None, {"family": "A"}]},
    "a text among objects": {"name": ["x", {"family": "A"}], "contact": [{"name": "x"}]},
    "an object where a list is meant": {"name": {"family": "A"}},
    "a list where an object is meant": {"maritalStatus": [{"text": "x"}]},
    "an object where a text is meant": {"gender": {"a": 1}},
}
VIEWS = {
    "extensions": view("birthDate", "birthDate.extension('u').value.ofType(string)", "birthDate.extension.exists()"),
    "lists": view("name.count()", "name.exists()", "name.family.first()", "name.where(use = 'old').family.join(',')"),
    "one of several": view("name.last().given.join(',')", "name[1].family", "name.given.first() & gender"),
    "arguments": view("iif(gender.startsWith(name.first().use), 'a', 'b')", "name.all(use = 'old')", "gender.empty()"),
    "whole": parse_view(
        {
            "resource": "Patient",
            "select": [
                {
                    "column": [
                        {"name": "c0", "path": "maritalStatus", "type": "CodeableConcept"},
                        {"name": "c1", "path": "maritalStatus.coding.code.first()"},
                        {"name": "c2", "path": "maritalStatus.text"},
                    ]
                }
            ],
        }
    ),
    "forEach": view("family", "$this.given.join(',')", "%rowIndex", forEach="name"),
    "forEachOrNull": view("family", "%resource.gender", "%rowIndex", forEachOrNull="contact.name"),
    "nested": view("id", select=[{"forEachOrNull": "telecom", "column": [{"name": "t", "path": "value"}]}]),
    "union": parse_view(
        {
            "resource": "Patient",
            "select": [
                {
                    "unionAll": [
                        {"forEach": path, "column": [{"name": "v", "path": told}]}
                        for path, told in (("name", "family"), ("telecom", "value"), ("contact", "name.family"))
                    ]
                    + [{"column": [{"name": "v", "path": "gender"}]}]
                }
            ],
        }
    ),
}


@pytest.mark.parametrize("held", PATIENTS)
@pytest.mark.parametrize("asked", VIEWS)
def test_what_is_not_there_is_left_out_and_changes_no_row(
    con: duckdb.DuckDBPyConnection, asked: str, held: str
) -> None:
    resources = [{"resourceType": "Patient", "id": "p", **PATIENTS[held]}]
    full, pruned = both(con, VIEWS[asked], resources)
    assert pruned == full
    full, pruned = both(con, VIEWS[asked], [*resources, {"resourceType": "Patient", "id": "q"}])
    assert pruned == full


@pytest.mark.parametrize("held", PATIENTS)
@pytest.mark.parametrize("asked", ["forEach", "forEachOrNull", "lists", "union"])
def test_a_view_is_left_out_where_it_has_no_row(con: duckdb.DuckDBPyConnection, asked: str, held: str) -> None:
    resources = [{"resourceType": "Patient", "id": "p", **PATIENTS[held]}]
    full, _pruned = both(con, VIEWS[asked], resources)
    is_left_out = present_in(resources).lacks(*needed(VIEWS[asked]))
    assert is_left_out == (asked == "forEach" and "name" not in PATIENTS[held])
    assert not (full and is_left_out)


def test_a_pruned_view_reads_what_is_there_alone() -> None:
    one = view("birthDate", "name.family.first()", "contact.name.family.first()")
    present = present_in([{"resourceType": "Patient", "name": [{"family": "A"}]}])
    compiled = compile_views([one], STAGE, text=True, present=present)
    assert compiled.structure == {"name": [{"family": "VARCHAR"}]}
    assert "lambda" not in compiled.statement(compiled.views[0])


def test_only_views_as_text_can_be_pruned() -> None:
    with pytest.raises(ValueError, match="only views as text"):
        compile_views([view("id")], STAGE, present=Present(frozenset(), frozenset()))


@pytest.mark.realdata
def test_examples_of_hl7_give_the_same_rows(con: duckdb.DuckDBPyConnection, shared: Path) -> None:
    resources = by_type([json.loads(file.read_bytes()) for file in (shared / "fhir" / "hl7_examples").glob("*.json")])
    looked_at = 0
    for one in LOAD:
        for some in ([r] for r in resources.get(one.resource, ())):
            full, pruned = both(con, one, some)
            assert pruned == full
            looked_at += len(full)
        if one.resource in resources:
            full, pruned = both(con, one, resources[one.resource])
            assert pruned == full
    assert looked_at > 100
