"""What compiled views look like: one parse for all views of a type, no lateral unnest, keys, text, order."""

from __future__ import annotations

from typing import Any

import duckdb
import orjson
import pytest

from harmonize.engine.errors import InputError
from harmonize.engine.paths import sql
from harmonize.mapping.views.compile import Source, compile_views
from harmonize.mapping.views.definitions import elements, known_type, resource_types
from harmonize.mapping.views.view import View, parse_view

PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "active": True,
    "name": [{"family": "A", "given": ["x", "y"]}, {"family": "B"}],
    "multipleBirthInteger": 3,
}


def view(*columns: str, each: str | None = None, **more: Any) -> View:
    select: dict[str, Any] = {"column": [{"name": f"c{n}", "path": path} for n, path in enumerate(columns)]}
    if each:
        select["forEach"] = each
    return parse_view({"resource": "Patient", "select": [select], **more})


def stage(*resources: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(sql("views/functions"))
    con.execute("CREATE TABLE stage (resource BIGINT, resource_type VARCHAR, json VARCHAR)")
    for number, resource in enumerate(resources):
        con.execute(
            "INSERT INTO stage VALUES (?, ?, ?)", [number, resource["resourceType"], orjson.dumps(resource).decode()]
        )
    return con


def test_views_of_a_type_share_one_parse() -> None:
    con = stage(PATIENT)
    compiled = compile_views([view("id"), view("family", each="name"), view("name.given.join(' ')")], Source("stage"))
    assert compiled.parse.count("from_json") == 1
    assert all("from_json" not in each.select for each in compiled.views)
    con.execute(f"CREATE TEMP TABLE parsed AS {compiled.parse}")
    found = [con.execute(each.select).fetchall() for each in compiled.views]
    assert found == [[("p",)], [("A",), ("B",)], [("x y",)]]


def test_views_of_two_types_do_not() -> None:
    other = parse_view({"resource": "Device", "select": [{"column": [{"name": "i", "path": "id"}]}]})
    with pytest.raises(ValueError, match="several resource types"):
        compile_views([view("id"), other], Source("stage"))


def test_nothing_is_lateral() -> None:
    compiled = compile_views([view("$this", each="name.given")], Source("stage"))
    statement = compiled.statement(compiled.views[0])
    assert "unnest(" in statement
    assert "lateral" not in statement.lower()
    assert all("unnest" not in line for line in statement.split("\n") if line.lstrip().startswith("FROM unnest"))


def test_the_text_is_the_same_each_time() -> None:
    one, two = (compile_views([view("name.where(use = 'a').given.first()")], Source("stage")) for _ in range(2))
    assert one == two


def test_keys_and_text() -> None:
    con = stage(PATIENT, {**PATIENT, "id": "q"})
    compiled = compile_views(
        [view("family", "%resource.active", "%resource.multipleBirth.ofType(integer)", each="name")],
        Source("stage"),
        keys=True,
        text=True,
        ordered=True,
    )
    (only,) = compiled.views
    assert [kind for _, kind in only.columns] == ["VARCHAR"] * 3
    assert con.execute(compiled.statement(only)).fetchall() == [
        (0, "A", "true", "3"),
        (0, "B", "true", "3"),
        (1, "A", "true", "3"),
        (1, "B", "true", "3"),
    ]


def test_a_union_comes_resource_by_resource_when_ordered() -> None:
    branches = [{"column": [{"name": "v", "path": path}]} for path in ("id", "'then'")]
    union = parse_view({"resource": "Patient", "select": [{"unionAll": branches}]})
    compiled = compile_views([union], Source("stage"), ordered=True)
    con = stage(PATIENT, {**PATIENT, "id": "q"})
    found = con.execute(compiled.statement(compiled.views[0])).fetchall()
    assert found == [("p",), ("then",), ("q",), ("then",)]


@pytest.mark.parametrize(
    ("each", "paths", "expected"),
    [
        ({}, [("name", "family"), ("name.given", "$this")], ["A", "B", "x", "y", "then"]),
        ({"forEach": "name"}, [("$this", "family"), ("given", "$this")], ["A", "x", "y", "then", "B", "then"]),
    ],
)
def test_the_rows_of_a_branch_stay_together_when_ordered(
    each: dict[str, str], paths: list[tuple[str, str]], expected: list[str]
) -> None:
    branches: list[dict[str, Any]] = [{"forEach": path, "column": [{"name": "v", "path": v}]} for path, v in paths]
    branches.append({"unionAll": [{"column": [{"name": "v", "path": "'then'"}]}]})
    union = parse_view({"resource": "Patient", "select": [{**each, "unionAll": branches}]})
    compiled = compile_views([union], Source("stage"), ordered=True)
    found = stage(PATIENT).execute(compiled.statement(compiled.views[0])).fetchall()
    assert [value for (value,) in found] == expected


def test_references_that_only_the_delivery_explains() -> None:
    subject = {"reference": "urn:uuid:1"}
    con = stage({"resourceType": "Device", "id": "d", "patient": subject})
    known = "{'target': ['urn:uuid:1'], 'key': ['Patient/p']}"
    con.execute(f"CREATE TABLE resolved AS SELECT *, {known} AS known FROM stage")
    paths = ("patient.getReferenceKey()", "patient.getReferenceKey(Patient)", "patient.getReferenceKey(Group)")
    columns = [{"name": f"c{n}", "path": path} for n, path in enumerate(paths)]
    device = parse_view({"resource": "Device", "select": [{"column": columns}]})
    for source, expected in (
        (Source("stage"), (None, None, None)),
        (Source("resolved", references="known"), ("Patient/p", "Patient/p", None)),
    ):
        compiled = compile_views([device], source)
        assert con.execute(compiled.statement(compiled.views[0])).fetchall() == [expected]


def test_contained_types_that_disagree_are_refused() -> None:
    paths = ("contained.ofType(Patient).name.family", "contained.ofType(Organization).name")
    with pytest.raises(InputError, match="name is a list in one of the resource types"):
        compile_views([view(*paths)], Source("stage"))


def test_what_the_facts_say() -> None:
    assert {"Patient", "ImagingStudy"} <= resource_types()
    assert not {"HumanName", "DomainResource"} & resource_types()
    name, deceased = elements("Patient")["name"], elements("Patient")["deceased"]
    assert (elements("Patient")["gender"].types, elements("HumanName")["given"].many) == (("code",), True)
    assert "_birthDate" not in elements("Patient")
    assert "resourceType" not in elements("Patient")
    assert (name.types, name.many, name.choice) == (("HumanName",), True, False)
    assert (deceased.types, deceased.many, deceased.choice) == (("boolean", "dateTime"), False, True)
    assert elements("DocumentReference")["content"].many, "a list that is required"
    assert [known_type(text) for text in ("DateTime", "quantity", "Quantity")] == ["dateTime", None, "Quantity"]
