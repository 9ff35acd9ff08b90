"""populated_from, value_mappings, missing_values, enums, units, joins: linkml-map and our SQL are equal."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from chance import examples
from hypothesis import given
from hypothesis import strategies as st
from linkml_map.transformer.object_transformer import ObjectTransformer
from linkml_runtime import SchemaView
from two_engines import COLUMNS, VALUES, connection, fill, row, same

from harmonize.mapping.compiler import bodies
from harmonize.mapping.compiler.functions import python_functions
from harmonize.mapping.compiler.objects import SlotCompiler
from harmonize.mapping.compiler.sources import Sources
from harmonize.mapping.compiler.spec import SlotDerivation, read_spec
from harmonize.schema.load import load_schema
from harmonize.schema.model import Slot


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return connection()


SEX = ("F", "M", "U")
SLOTS: dict[str, tuple[str, str]] = {
    # name: (range of the target slot, derivation)
    "copy": ("string", "{populated_from: a}"),
    "as_integer": ("integer", "{populated_from: n}"),
    "as_double": ("double", "{populated_from: n}"),
    "mapped": ("string", "{populated_from: y, value_mappings: {'Yes': present, 'No': absent, 'NA': null}}"),
    "mapped_number": ("integer", "{populated_from: y, value_mappings: {'Yes': 1, 'No': 0}}"),
    "mapped_boolean": ("boolean", "{populated_from: y, value_mappings: {'Yes': true, 'No': false}}"),
    "missing": ("string", "{populated_from: a, missing_values: ['NA', '', 7]}"),
    "missing_mapped": (
        "string",
        "{populated_from: y, missing_values: ['NA'], value_mappings: {'NA': nothing, 'Yes': 'oui'}}",
    ),
    "constant": ("string", "{value: 'it''s'}"),
    "constant_number": ("double", "{value: 2.5}"),
    "constant_false": ("boolean", "{value: false}"),
    "kept": ("string", "{populated_from: kept}"),
    "kept_mapped": ("string", "{populated_from: kept, value_mappings: {F: female, M: male, U: null}}"),
    "translated": ("string", "{populated_from: translated}"),
    "partly": ("string", "{populated_from: partly}"),
    "unit": (
        "double",
        "{populated_from: n, unit_conversion: {source_unit: '[lb_av]', target_unit: kg, none_if_non_numeric: true}}",
    ),
    "unit_of_schema": (
        "double",
        "{populated_from: m, unit_conversion: {target_unit: mm, none_if_non_numeric: true}}",
    ),
    "joined": ("string", "{populated_from: unit.name}"),
    "joined_expr": ("string", "{expr: \"a + '/' + {unit.name}\"}"),
    "converted_expr": ("double", "{expr: \"part(n, 'e', 1)\"}"),
    "unit_inches": (
        "double",
        "{populated_from: n, unit_conversion: {source_unit: '[in_i]', target_unit: cm, none_if_non_numeric: true}}",
    ),
    "unit_ounces": (
        "double",
        "{populated_from: n, unit_conversion: {source_unit: '[oz_av]', target_unit: kg, none_if_non_numeric: true}}",
    ),
    "unit_compound": (
        "double",
        "{populated_from: n, unit_conversion: {source_unit: mg/dL, target_unit: g/L, none_if_non_numeric: true}}",
    ),
    "unit_same": (
        "double",
        "{populated_from: n, unit_conversion: {source_unit: kg, target_unit: kg, none_if_non_numeric: true}}",
    ),
    "joined_missing": ("string", "{populated_from: unit.name, missing_values: [ICU]}"),
    "joined_mapped": ("string", "{populated_from: unit.name, value_mappings: {'ICU': intensive}}"),
}
SPLIT = "stringification: {delimiter: '%s', reversed: true}"
LIST_SLOTS: dict[str, tuple[str, str]] = {
    # multivalued target slots
    "list_of_one": ("string", "{populated_from: a}"),
    "list_of_number": ("double", "{populated_from: n}"),
    "list_mapped": ("string", "{populated_from: y, value_mappings: {'Yes': present, 'No': absent}}"),
    "list_kept": ("string", "{populated_from: kept}"),
    "list_joined": ("string", '{expr: "[unit.name]"}'),
    "pieces": ("string", f"{{populated_from: a, {SPLIT % '-'}}}"),
    "pieces_long": ("string", f"{{populated_from: a, {SPLIT % 'a-'}}}"),
    "pieces_known": ("string", f"{{populated_from: a, missing_values: ['', NA], {SPLIT % '-'}}}"),
    "pieces_mapped": ("string", f"{{populated_from: y, value_mappings: {{'Yes': 'a b', 'No': ''}}, {SPLIT % ' '}}}"),
    "pieces_kept": ("string", f"{{populated_from: partly, {SPLIT % 'm'}}}"),
    "pieces_joined": ("string", "{expr: \"split(unit.name, ' ')\"}"),
    "pieces_whole": ("integer", f"{{populated_from: d, {SPLIT % '/'}}}"),
    "pieces_numbers": ("double", f"{{populated_from: n, {SPLIT % 'e'}}}"),
    "list_expr": ("string", '{expr: "[a, b]"}'),
    "list_split": ("string", "{expr: \"split(a, '-')\"}"),
    "list_of_whole": ("double", '{expr: "[whole(n), whole(m)]"}'),
    "list_of_texts": ("integer", '{expr: "[n, m]"}'),
    "list_chosen": ("string", "{expr: \"['one' if y == 'Yes' else None, 'two' if notnull(a) else None]\"}"),
}
CODED = ("Kept", "Translated", "Partly")
FEATURES: dict[str, Any] = {
    "id": "https://example.org/rows",
    "name": "rows",
    "prefixes": {"linkml": "https://w3id.org/linkml/"},
    "imports": ["linkml:types"],
    "default_range": "string",
    "enums": {f"{name}Code": {"permissible_values": dict.fromkeys(SEX)} for name in CODED},
    "classes": {
        "target": {
            "attributes": {name: {"range": range_} for name, (range_, _) in SLOTS.items()}
            | {name: {"range": range_, "multivalued": True} for name, (range_, _) in LIST_SLOTS.items()}
        },
        "row": {
            "attributes": {c: {} for c in COLUMNS}
            | {"m": {"unit": {"ucum_code": "[in_i]"}}}
            | {name.lower(): {"range": f"{name}Code"} for name in CODED}
        },
        "ward": {"attributes": {"code": {}, "name": {}}},
    },
}
SPEC = """
source_schema: {name: rows}
target_schema: {name: rows}
enum_derivations:
  KeptCode: {mirror_source: true}
  TranslatedCode:
    permissible_value_derivations:
      woman: {populated_from: F}
      man: {populated_from: [M]}
      x: {populated_from: U}
  PartlyCode: {mirror_source: true, permissible_value_derivations: {woman: {populated_from: [F]}}}
class_derivations:
"""
WARDS = {"Yes": "ICU", "No": "Ward é"}


class Wards:
    """Stands for linkml-map's LookupIndex, which reads files: ward by code."""

    def lookup_row(self, alias: str, key: str, value: str) -> dict[str, str] | None:
        assert (alias, key) == ("unit", "code")
        return {"code": value, "name": WARDS[value]} if value in WARDS else None


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> tuple[ObjectTransformer, list[str]]:
    """linkml-map over the specification with one derivation a slot, and the columns that we compile."""
    joins = "    joins: {unit: {class_named: ward, source_key: y, lookup_key: code}}\n"
    head = f"  - name: target\n    populated_from: row\n{joins}    slot_derivations:\n"
    slots = SLOTS | LIST_SLOTS
    entries = [f"{head}      {name}: {derivation}\n" for name, (_, derivation) in slots.items()]
    folder = tmp_path_factory.mktemp("features")
    (folder / "rows.map.yaml").write_text(SPEC + "".join(entries))
    (folder / "rows.yaml").write_text(yaml.safe_dump(FEATURES))
    spec = read_spec(folder / "rows.map.yaml")
    schema = load_schema(folder / "rows.yaml")
    sources = Sources(schema.classes["row"], {"unit": schema.classes["ward"]}, spec.enums)
    columns = []
    for entry, (name, (range_, _)) in zip(spec.classes, slots.items(), strict=True):
        target = Slot(name, range=range_, multivalued=name in LIST_SLOTS)
        derived = SlotCompiler({}, {}).column(entry.slots[name], target, schema.classes["target"], sources)
        columns += [derived.sql, derived.fails_when or "FALSE"]
    engine = ObjectTransformer(extension_functions=python_functions(), lookup_index=Wards())
    engine.source_schemaview = engine.target_schemaview = SchemaView(str(folder / "rows.yaml"))
    engine.create_transformer_specification(yaml.safe_load((folder / "rows.map.yaml").read_text()))
    return engine, columns


def in_range(value: Any, range_: str) -> Any:
    """What the hub's column holds: a text is read as number() and whole() read it; a list has no NULL in it, and
    a list with nothing in it is NULL. LOST, where a member is not what the column can hold."""
    if isinstance(value, list):
        members = [in_range(member, range_) for member in value if member is not None]
        return LOST if None in members else members or None
    if isinstance(value, str):
        return {"integer": bodies.whole, "double": bodies.number}.get(range_, str)(value)
    return value


def test_list_of_an_enum(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Texts that nobody foresaw come into a list of an enum only where the enum has them; else the row is in error."""
    (tmp_path / "rows.yaml").write_text(yaml.safe_dump(FEATURES))
    row_class = load_schema(tmp_path / "rows.yaml").classes["row"]
    sources = Sources(row_class, {}, {})
    target = Slot("codes", range="Code", multivalued=True, permissible_values=SEX)
    derivation = SlotDerivation("codes", 1, expr="split(a, ',')")
    column = SlotCompiler({}, {}).column(derivation, target, row_class, sources)
    texts = ["F, M", "U", ",", None, "F,X", "F,f"]
    con.execute("CREATE OR REPLACE TEMP TABLE coded AS SELECT unnest(?::VARCHAR[]) AS a", [texts])
    found = con.execute(f"SELECT {column.sql}, {column.fails_when} FROM coded s").fetchall()
    assert found == [(["F", "M"], False), (["U"], False), (None, False), (None, False), (None, True), (None, True)]


LOST = object()


def beyond_numbers(source: str | None) -> bool:
    """Texts that Python's float reads and number() does not: linkml-map converts their units, we do not."""
    try:
        return source is not None and bodies.number(source) is None and float(source) is not None
    except ValueError:
        return False


def compare_features(
    con: duckdb.DuckDBPyConnection,
    features: tuple[ObjectTransformer, list[str]],
    rows: list[dict[str, Any]],
    codes: list[str | None],
) -> None:
    """Every slot over every row, which has the code beside it, by both engines."""
    engine, columns = features
    fill(con, rows)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE codes AS SELECT unnest(range(len($codes))) AS i, unnest($codes::VARCHAR[]) AS c",
        {"codes": codes},
    )
    con.execute("CREATE OR REPLACE TEMP TABLE ward (code VARCHAR, name VARCHAR)")
    con.executemany("INSERT INTO ward VALUES (?, ?)", list(WARDS.items()))
    coded = "SELECT r.*, c AS kept, c AS translated, c AS partly FROM rows r JOIN codes USING (i)"
    found = con.execute(
        f"SELECT {', '.join(columns)} FROM ({coded}) s LEFT JOIN ward unit ON s.y = unit.code ORDER BY i"
    ).fetchall()
    slots = (SLOTS | LIST_SLOTS).items()
    derivations = engine.derived_specification.class_derivations
    for i, ((name, (range_, _)), derivation) in enumerate(zip(slots, derivations, strict=True)):
        for source, code, values in zip(rows, codes, found, strict=True):
            if name.startswith("unit") and beyond_numbers(source["m" if name == "unit_of_schema" else "n"]):
                assert values[2 * i] is None
                continue
            whole = source | dict.fromkeys(("kept", "translated", "partly"), code)
            theirs = engine.map_object(whole, source_type="row", class_derivation=derivation)[name]
            if (
                name.startswith("unit")
                and theirs is None
                and not str(source["m" if name == "unit_of_schema" else "n"]).isascii()
            ):
                continue  # numbers as they are printed, such as 1 240, are read here alone
            held = in_range(theirs, range_)
            ours = values[2 * i]
            message = f"{name} of {whole}: SQL {ours!r}, linkml-map {theirs!r}"
            assert same(ours, None if held is LOST else held), message
            assert values[2 * i + 1] is (held is LOST), message


@examples(8, shrink=False)
@given(
    rows=st.lists(row, min_size=10, max_size=30),
    codes=st.lists(st.sampled_from([None, *SEX]), min_size=30, max_size=30),
)
def test_features(
    con: duckdb.DuckDBPyConnection,
    features: tuple[ObjectTransformer, list[str]],
    rows: list[dict[str, Any]],
    codes: list[str | None],
) -> None:
    compare_features(con, features, rows, codes[: len(rows)])


def test_features_of_every_value(con: duckdb.DuckDBPyConnection, features: tuple[ObjectTransformer, list[str]]) -> None:
    """Every troublesome value in every column, with every key of a join beside it, and every code."""
    keys = (None, "", "Yes", "No", "NA")
    rows = [dict.fromkeys(COLUMNS, value) | {"y": key} for value in VALUES for key in keys]
    codes = list(islice(cycle((None, *SEX)), len(rows)))
    compare_features(con, features, rows, codes)
