"""Nested class derivations: objects and lists of objects made at random, by linkml-map's own engine and by our SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from chance import examples
from hypothesis import given
from hypothesis import strategies as st
from linkml_map.transformer.errors import TransformationError
from linkml_map.transformer.object_transformer import ObjectTransformer
from linkml_runtime import SchemaView
from test_differential import expressions, small_row
from test_features import FEATURES, LIST_SLOTS, LOST, SEX, SLOTS, SPEC, beyond_numbers, in_range
from two_engines import connection, fill, no_column_holds, same

from harmonize.mapping.compiler.compile import compile_all
from harmonize.mapping.compiler.functions import python_functions
from harmonize.mapping.explain.describe import columns_of
from harmonize.mapping.plan import MappingPlan
from harmonize.mapping.select import entry_select, error_selects


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = connection()
    for name, rows in LOOKED_UP.items():
        values = ", ".join(str(tuple(row.values())).replace("None", "NULL") for row in rows)
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM (VALUES {values}) AS v({', '.join(rows[0])})")
        con.execute(f"ALTER TABLE {name} ADD COLUMN record_id_ BIGINT DEFAULT 0")
    return con


# Classes that are looked up: `ward` shares the column a with `row`, `site` shares its key.
LOOKED_UP: dict[str, list[dict[str, str | None]]] = {
    "ward": [
        {"code": "Yes", "name": "ICU", "beds": "12", "a": "ward a", "state": "F"},
        {"code": "No", "name": "Ward é", "beds": "x", "a": None, "state": None},
        {"code": "yes", "name": None, "beds": None, "a": "", "state": "M"},
    ],
    "site": [{"y": "Yes", "town": "Lyon", "state": "M"}, {"y": "F", "town": "", "state": "U"}],
}
JOINS: dict[str, dict[str, Any]] = {
    "unit": {"class_named": "ward", "source_key": "y", "lookup_key": "code"},
    "ward": {"source_key": "y", "lookup_key": "code"},
    "site": {"join_on": "y"},
}
KINDS = {"text": "string", "number": "double", "boolean": "boolean", "date": "date", "text[]": "string"}
UNIT = "unit_conversion: {source_unit: '[lb_av]', target_unit: kg, none_if_non_numeric: true}"
SPLIT = "stringification: {delimiter: ' ', reversed: true}"
# Slots of an object that is populated from a looked-up row: (range, derivation); LIST_OF slots are multivalued.
OF_WARD: dict[str, tuple[str, str]] = {
    "own": ("string", "{populated_from: name}"),
    "own_named": ("string", "{populated_from: ward.a, missing_values: ['']}"),
    "own_number": ("double", "{populated_from: beds}"),
    "own_unit": ("double", f"{{populated_from: beds, {UNIT}}}"),
    "own_mapped": ("string", "{populated_from: ward.name, value_mappings: {ICU: intensive}}"),
    "own_coded": ("string", "{populated_from: ward.state}"),
    "own_float": ("double", "{expr: 'float(beds)'}"),
    "around": ("string", "{populated_from: row.a}"),
    "around_coded": ("string", "{populated_from: row.partly}"),
    "both": ("string", "{expr: \"coalesce(name, '?') + '/' + {row.a}\"}"),
    "list_own": ("string", "{populated_from: name}"),
    "list_pieces": ("string", f"{{populated_from: ward.name, {SPLIT}}}"),
    "list_around": ("integer", "{expr: '[row.n, ward.beds]'}"),
    "list_around_coded": ("string", "{populated_from: row.translated}"),
}
OF_SITE: dict[str, tuple[str, str]] = {
    "town": ("string", "{populated_from: town}"),
    "key": ("string", "{populated_from: y}"),
    "site_coded": ("string", "{populated_from: site.state}"),
    "site_around": ("string", "{expr: \"row.b + '-' + town\"}"),
    "list_site": ("string", "{populated_from: site.state}"),
}
POOLS = {"row": SLOTS | LIST_SLOTS, "ward": OF_WARD, "site": OF_SITE}
INSIDE = {"row": ["row", "ward", "site"], "ward": ["ward", "site"], "site": ["site"]}
ATTRIBUTES: dict[str, dict[str, Any]] = (
    {name: {"range": range_} for pool in POOLS.values() for name, (range_, _) in pool.items()}
    | {f"x_{kind}": {"range": range_} for kind, range_ in KINDS.items()}
    | {"one": {"range": "part", "inlined": True}, "many": {"range": "part", "inlined": True}}
)
for name, attribute in ATTRIBUTES.items():
    attribute["multivalued"] = name in LIST_SLOTS or name.startswith("list_") or name in ("x_text[]", "many")
SCHEMA = FEATURES | {
    "classes": {
        "part": {"attributes": ATTRIBUTES},
        "special_part": {"is_a": "part"},
        "target": {"attributes": {name: ATTRIBUTES[name] for name in ("one", "many")}},
        "row": FEATURES["classes"]["row"],
        "ward": {"attributes": {c: {} for c in LOOKED_UP["ward"][0]} | {"state": {"range": "TranslatedCode"}}},
        "site": {"attributes": {c: {} for c in LOOKED_UP["site"][0]} | {"state": {"range": "PartlyCode"}}},
    },
}


@st.composite
def derivations(draw: st.DrawFn, source: str, populated_from: str, depth: int) -> dict[str, Any]:
    """A nested class derivation in one of `source`, populated from the same class or another."""
    body: dict[str, Any] = {"name": draw(st.sampled_from(["part", "special_part"]))}
    if populated_from != source or draw(st.booleans()):
        body["populated_from"] = populated_from
    body["joins"] = {"row": JOINS, "ward": {"site": JOINS["site"]}, "site": {}}[populated_from]
    pool = POOLS[populated_from]
    names = draw(st.lists(st.sampled_from(sorted(pool)), min_size=1, max_size=3, unique=True))
    slots = {name: yaml.safe_load(pool[name][1]) for name in names}
    if populated_from == "row":
        for kind in draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=2, unique=True)):
            slots[f"x_{kind}"] = {"expr": draw(expressions(kind, 2))}
    if depth:
        name = draw(st.sampled_from(["one", "many"]))
        slots[name] = draw(objects(populated_from, name == "many", depth - 1))
    return body | {"slot_derivations": slots}


@st.composite
def objects(draw: st.DrawFn, source: str, many: bool, depth: int) -> dict[str, Any]:
    """A slot derivation that makes objects, in one of the forms in which it may be written."""
    found = draw(st.lists(st.sampled_from(INSIDE[source]), min_size=1, max_size=3))
    if not many:  # of one object only the last may be there always
        found = [other for other in found if other != source] + [source] * (source in found)
    made = [draw(derivations(source, other, depth)) for other in found]
    form = draw(st.sampled_from(["names", "keys", "map", "older"]))
    keyed = [{one["name"]: {k: v for k, v in one.items() if k != "name"}} for one in made]
    if form == "keys":
        return {"class_derivations": keyed}
    if form == "map" and len(keyed) == 1:
        return {"class_derivations": keyed[0]}
    if form == "older":
        return {"object_derivations": [{"class_derivations": one} for one in keyed]}
    return {"class_derivations": made}


class LookUp:
    """Stands for linkml-map's LookupIndex, which reads files."""

    def lookup_row(self, alias: str, key: str, value: str) -> dict[str, str | None] | None:
        join = JOINS[alias]
        assert key == join.get("lookup_key", join.get("join_on"))
        return next((row for row in LOOKED_UP[join.get("class_named", alias)] if row[key] == value), None)


def compiled(folder: Path, entries: list[dict[str, Any]]) -> MappingPlan:
    spec = yaml.safe_load(SPEC) | {"source_schema": {"name": "rows.yaml"}, "target_schema": {"name": "rows.yaml"}}
    (folder / "rows.yaml").write_text(yaml.safe_dump(SCHEMA))
    (folder / "rows.map.yaml").write_text(yaml.safe_dump(spec | {"class_derivations": entries}, sort_keys=False))
    plan, faults = compile_all(folder)
    assert [fault.message for fault in faults if "neither mapped nor excluded" not in fault.message] == []
    return plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("objects")
    (folder / "rows.yaml").write_text(yaml.safe_dump(SCHEMA))
    return folder


@pytest.fixture(scope="module")
def view(folder: Path) -> SchemaView:
    return SchemaView(str(folder / "rows.yaml"))


def held(value: Any, slot: str) -> Any:
    """What the column holds of a slot: objects with their slots so, LOST where one of them cannot be held."""
    if slot == "many":
        members = [held(member, "one") for member in value]
        return LOST if LOST in members else members or None
    if slot == "one":
        if value is None:
            return None
        fields = {name: held(inner, name) for name, inner in value.items()}
        return LOST if LOST in fields.values() else fields
    if any(map(no_column_holds, value if isinstance(value, list) else [value])):
        return LOST
    return in_range(value, str(ATTRIBUTES[slot]["range"]))


def alike(ours: Any, theirs: Any) -> bool:
    """Equal; a list's objects have the slots of all of them, NULL where linkml-map has none."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return set(theirs) <= set(ours) and all(alike(value, theirs.get(name)) for name, value in ours.items())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    return same(ours, theirs)


def converts(slots: dict[str, Any], column: str) -> bool:
    """Whether any derivation, however deep, converts the unit of a column."""
    return f"'populated_from': '{column}', 'unit_conversion'" in str(slots)


def theirs_of(engine: ObjectTransformer, derivation: Any, row: dict[str, Any], slot: str) -> tuple[Any, bool]:
    """(value, whether the row is in error), by linkml-map."""
    try:
        result = engine.map_object(row, source_type="row", target_type="target", class_derivation=derivation)
    except TransformationError:
        return None, True
    value = held(result[slot], slot)
    return (None, True) if value is LOST else (value, False)


def compare(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    view: SchemaView,
    entries: list[dict[str, Any]],
    rows: list[dict[str, Any]],
) -> int:
    """Every entry over every row, by both engines; gives how many rows had a value."""
    views = {"row": "coded", "ward": "ward", "site": "site"}
    plan = compiled(folder, entries)
    engine = ObjectTransformer(extension_functions=python_functions(), lookup_index=LookUp())
    engine.source_schemaview = engine.target_schemaview = view
    engine.create_transformer_specification(yaml.safe_load((folder / "rows.map.yaml").read_text()))
    values = 0
    assert engine.derived_specification is not None
    derived = engine.derived_specification.class_derivations
    for written, entry, derivation in zip(entries, plan.entries, derived, strict=True):
        (slot,) = entry.columns
        found = con.execute(f"SELECT record_id, {slot} FROM ({entry_select(entry, views, 1)})").fetchall()
        ours = dict(found)
        wrong = {row[0] for select in error_selects(entry, views) for row in con.execute(select).fetchall()}
        for number, row in enumerate(rows):
            if any(beyond_numbers(row[c]) and converts(written, c) for c in "nm"):
                continue
            theirs, failed = theirs_of(engine, derivation, row, slot)
            said = f"{yaml.safe_dump(written, sort_keys=False)}{entry.columns[slot].sql}"
            message = f"{row}: SQL {ours[number]!r}, linkml-map {theirs!r}\n{said}"
            assert alike(ours[number], theirs), message
            assert (number in wrong) is failed, message
            values += theirs is not None
    return values


@st.composite
def tops(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Class derivations with one slot of objects each, so that an error in one does not hide the others."""
    entries = []
    for number in range(12):
        slot = draw(st.sampled_from(["one", "many"]))
        made = draw(objects("row", slot == "many", number % 3))
        slots = {"part_": {"value": f"p{number}"}, slot: made}
        entries.append({"name": "target", "populated_from": "row", "joins": JOINS, "slot_derivations": slots})
    return entries


CODES = ("kept", "translated", "partly")


@pytest.mark.filterwarnings("ignore:.*object_derivations:DeprecationWarning")
@examples(6, shrink=False)
@given(
    data=st.data(),
    rows=st.lists(small_row, min_size=12, max_size=12),
    codes=st.lists(st.sampled_from([None, *SEX]), min_size=12, max_size=12),
)
def test_objects(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    view: SchemaView,
    data: st.DataObject,
    rows: list[dict[str, Any]],
    codes: list[str | None],
) -> None:
    fill(con, rows)
    coded = ", ".join(f"($codes::VARCHAR[])[i + 1] AS {name}" for name in CODES)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE coded AS SELECT i AS record_id_, '' AS record_key_, *, {coded} FROM rows",
        {"codes": codes},
    )
    whole = [row | dict.fromkeys(CODES, code) for row, code in zip(rows, codes, strict=True)]
    assert compare(con, folder, view, data.draw(tops()), whole) > 0


# The same by an example that can be read, and what becomes of the columns

ORDERS = Path(__file__).parents[1] / "data" / "objects"
COLUMNS = ("patient", "drug", "dose", "second_drug", "second_dose", "ward")
BLANK = {"value": None, "unit": "mg"}


def administrations(con: duckdb.DuckDBPyConnection, *orders: tuple[str | None, ...]) -> list[dict[str, Any]]:
    """The rows of the mapping in data/objects over these orders; the one unit is known as ward W1."""
    plan, faults = compile_all(ORDERS)
    assert faults == []
    rows = ", ".join(f"({i}, '{i}', {', '.join(map(quoted, order))})" for i, order in enumerate(orders))
    con.execute(f"CREATE OR REPLACE TEMP TABLE orders AS FROM (VALUES {rows}) o(record_id_, record_key_, "
                f"{', '.join(COLUMNS)})")  # fmt: skip
    con.execute("CREATE OR REPLACE TEMP TABLE units AS SELECT 9 AS record_id_, 'W1' AS ward, '3' AS floor")
    found = con.execute(f"{entry_select(plan.entries[0], {'order': 'orders', 'unit': 'units'}, 1)} ORDER BY record_id")
    names = [column[0] for column in found.description]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def quoted(text: str | None) -> str:
    return "NULL::VARCHAR" if text is None else f"'{text}'"


def test_an_object(con: duckdb.DuckDBPyConnection) -> None:
    """An object has its slots; made of blanks it is an object all the same."""
    given, blank = administrations(con, ("P1", "A", "2", "B", "3", "W1"), ("P1", None, None, None, None, None))
    assert given["total"] == {"value": 5.0, "unit": "mg"}
    assert blank["total"] == BLANK


def test_a_list_of_objects(con: duckdb.DuckDBPyConnection) -> None:
    """One object for each nested derivation, in their order, with the slots of all of them."""
    (row,) = administrations(con, ("P1", "A", "2", "B", None, None))
    first = {"drug": "A", "strength": {"value": 2.0, "unit": "mg"}, "name": None}
    assert row["ingredients"] == [first, {"drug": None, "strength": None, "name": "B"}]


def test_an_object_of_a_joined_row(con: duckdb.DuckDBPyConnection) -> None:
    """It is there where the join finds a row; of several derivations for one object the first that is there counts."""
    found, unknown, blank = administrations(
        con, ("P1", "A", "1", None, None, "W1"), ("P2", "A", "1", None, None, "W2"), ("P3", "A", "1", None, None, None)
    )
    assert found["place"] == {"code": "W1", "floor": 3, "patient": "P1"}
    assert unknown["place"] == blank["place"] == {"code": "unknown", "floor": None, "patient": None}


def test_an_object_in_error(con: duckdb.DuckDBPyConnection) -> None:
    """An error in any slot of an object, however deep, leaves the whole slot out; the other slots of the row stay."""
    (row,) = administrations(con, ("P1", "A", "two", None, None, "W1"))
    assert row["ingredients"] is None
    assert row["place"]["code"] == "W1"
    plan, _ = compile_all(ORDERS)
    selects = error_selects(plan.entries[0], {"order": "orders", "unit": "units"})
    assert [row for select in selects for row in con.execute(select).fetchall()] == [
        (0, "ingredients", "drug=A dose=two")
    ]


def test_shown() -> None:
    """What becomes of a column is told for objects as well, and a column that only they read is read."""
    shown = {(row["column"], row["target"]): row["how"] for row in columns_of(ORDERS)}
    assert shown["dose", "administration.total"] == ("Quantity(value: number(dose) + number(second_dose), unit: = mg)")
    assert ("second_drug", "administration.ingredients") in shown
