"""The Gen3 import: nothing of the dictionary is lost, and the committed schema is the dictionary's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from harmonize.engine.errors import InputError
from harmonize.engine.paths import root
from harmonize.schema.gen3 import import_gen3
from harmonize.schema.load import load_schema

if TYPE_CHECKING:
    from pathlib import Path

DEFINITIONS = """
UUID: {type: string, pattern: "^[a-f0-9]+$", term: {$ref: "_terms.yaml#/uuid"}}
state: {default: open, oneOf: [{enum: [closed]}, {enum: [open, live]}]}
to_one: {anyOf: []}
to_many: {anyOf: []}
ubiquitous_properties:
  type: {type: string}
  id: {$ref: "#/UUID", systemAlias: node_id}
  state: {$ref: "#/state"}
  submitter_id: {type: string}
"""
TERMS = """
uuid: {termDef: {term: Identifier, source: NCIt, cde_id: C1}}
modality: {termDef: {term: Modality, source: DICOM, cde_id: "(0008, 0060)"}}
plain: {description: no definition}
"""
NODE = """
id: study
title: Study
category: imaging
submittable: true
systemProperties: [id, state]
required: [submitter_id, cases, age]
uniqueKeys: [[id], [state, submitter_id]]
links:
- {name: cases, backref: studies, label: of, target_type: case, multiplicity: many_to_many, required: true}
- exclusive: false
  required: true
  subgroup:
  - {name: visits, backref: studies, label: of, target_type: visit,
     multiplicity: many_to_one, required: false}
properties:
  $ref: "_definitions.yaml#/ubiquitous_properties"
  age: {type: number, minimum: 0, maximum: 89}
  modality: {term: {$ref: "_terms.yaml#/modality"}, enum: ["CT", "Not Reported"]}
  parts: {type: array, items: {enum: ["a", "b"]}}
  days: {type: array, items: {type: integer}}
  seen: {type: boolean, term: {$ref: "_terms.yaml#/plain"}}
  cases: {$ref: "_definitions.yaml#/to_many"}
  visits: {$ref: "_definitions.yaml#/to_many"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "_definitions.yaml").write_text(DEFINITIONS)
    (tmp_path / "_terms.yaml").write_text(TERMS)
    (tmp_path / "study.yaml").write_text(NODE)
    return tmp_path


def test_small_dictionary(folder: Path) -> None:
    text = import_gen3(folder)
    (folder / "out").mkdir()
    (folder / "out" / "gen3.yaml").write_text(text)
    study = load_schema(folder / "out" / "gen3.yaml").classes["gen3_study"]
    names = ", ".join(study.slots)
    assert names == "type, id, state, submitter_id, age, modality, parts, days, seen, cases, visits"
    assert [name for name, slot in study.slots.items() if slot.required] == ["submitter_id", "age", "cases"]
    slots = study.slots
    assert (slots["age"].range, slots["age"].minimum, slots["age"].maximum) == ("double", 0, 89)
    assert slots["modality"].permissible_values == ("CT", "Not Reported")
    assert slots["modality"].annotations == {"dicom_tag": "(0008,0060)"}
    assert (slots["parts"].multivalued, slots["parts"].permissible_values) == (True, ("a", "b"))
    assert (slots["days"].multivalued, slots["days"].range) == (True, "integer")
    assert slots["seen"].range == "boolean"
    assert (slots["id"].pattern, slots["id"].annotations) == ("^[a-f0-9]+$", {"system_alias": "node_id"})
    assert slots["state"].permissible_values == ("closed", "open", "live")
    assert slots["state"].annotations == {"default": "open"}
    assert slots["cases"].multivalued
    assert not slots["visits"].multivalued
    assert slots["visits"].annotations["reference"] == "to_many"
    assert study.unique_keys == (("id",), ("state", "submitter_id"))
    assert study.annotations["system_properties"] == "id|state"
    assert study.annotations["required_any_of"] == "visits"
    assert "NCIT:C1" in text
    assert "The link says many_to_one" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minimum: 0", "exclusiveMinimum: 0", "'exclusiveMinimum'"),
        ("#/modality", "#/modalities", "_terms.yaml#/modalities"),
        ('"CT"', "No", "lacks quotes"),
        ("type: number", "type: numeric", "'numeric'"),
        ("exclusive: false", "exclusive: false\n  among: x", "'among'"),
    ],
)
def test_what_would_be_lost_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    assert old in NODE
    (folder / "study.yaml").write_text(NODE.replace(old, new, 1))
    with pytest.raises(InputError) as error:
        import_gen3(folder)
    assert said in error.value.message


# How public Gen3 dictionaries say that a value may be missing or of several kinds: the property, and the slot.
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "list_of_one": ('{type: ["string"]}', {"range": "string"}),
    "type_or_null": ('{type: [integer, "null"], minimum: 0}', {"range": "integer", "minimum": 0}),
    "one_of_null": ('{oneOf: [{type: integer, minimum: 0, maximum: 32872}, {type: "null"}]}',
                    {"range": "integer", "minimum": 0, "maximum": 32872}),
    "any_of_null": ('{anyOf: [{type: "null"}, {type: number}]}', {"range": "double"}),
    "one_of_reference": ('{oneOf: [{$ref: "_definitions.yaml#/UUID"}, {type: "null"}]}', {"pattern": "^[a-f0-9]+$"}),
    "chain": ('{$ref: "_definitions.yaml#/second"}', {"range": "datetime"}),
    "null_in_enum": ('{enum: [A, B, null]}', {"permissible_values": ("A", "B")}),
    "enums_and_null": ('{oneOf: [{enum: [A]}, {enum: [B]}, {type: "null"}]}', {"permissible_values": ("A", "B")}),
    "deprecated": ('{enum: [A, B], deprecated_enum: [B]}',
                   {"permissible_values": ("A", "B"), "annotations": {"deprecated_values": "B"}}),
    "defined": ('{enum: [female, male], enumDef: [{enumeration: female, source: NCI Thesaurus, term_id: C16576}]}',
                {"permissible_values": ("female", "male")}),
    "number_or_word": ('{oneOf: [{type: number, minimum: 0}, {enum: [Unknown]}]}',
                       {"range": "string", "minimum": None}),
    "whole_or_not": ('{anyOf: [{type: integer}, {type: number}]}', {"range": "double"}),
    "inline_term": ('{type: string, termDef: {term: A word, source: NCIt, cde_id: C2}}', {"range": "string"}),
    "items_by_reference": ('{type: array, minItems: 1, uniqueItems: true, items: {$ref: "_definitions.yaml#/UUID"}}',
                           {"multivalued": True, "annotations": {"min_items": "1"}}),
    "items_or_null": ('{type: array, items: {type: [integer, "null"]}}', {"multivalued": True, "range": "integer"}),
    "constant": ("{const: always}", {"permissible_values": ("always",)}),
    "constant_number": ("{const: 3}", {"range": "integer", "minimum": 3, "maximum": 3}),
    "all_of": ('{allOf: [{$ref: "_definitions.yaml#/UUID"}, {type: string, pattern: "^[a-f0-9]+$"}]}',
               {"pattern": "^[a-f0-9]+$"}),
    "all_of_bounds": ("{allOf: [{type: number, minimum: 0, maximum: 9}, {type: integer, minimum: 1}]}",
                      {"range": "integer", "minimum": 1, "maximum": 9}),
    "all_of_enums": ("{allOf: [{enum: [A, B]}, {enum: [B, C]}]}", {"permissible_values": ("B",)}),
    "all_of_or_null": ('{oneOf: [{allOf: [{type: integer}, {minimum: 2}]}, {type: "null"}]}', {"minimum": 2}),
    "deep_reference": ('{$ref: "_definitions.yaml#/ubiquitous_properties/submitter_id"}', {"range": "string"}),
    "node_reference": ('{$ref: "study.yaml#/properties/parts"}',
                       {"multivalued": True, "permissible_values": ("a", "b")}),
    "file_reference": ('{$ref: "_more.yaml#/sizes/small"}', {"range": "double", "maximum": 5}),
    "list_or_null": ('{type: [array, "null"], items: {type: string}}', {"multivalued": True}),
}  # fmt: skip


def test_forms_of_other_dictionaries(folder: Path) -> None:
    (folder / "_definitions.yaml").write_text(
        DEFINITIONS
        + "moment: {oneOf: [{type: string, format: date-time}, {type: 'null'}]}\nsecond: {$ref: '#/moment'}\n"
        "workflow_properties:\n  $ref: '#/ubiquitous_properties'\n  workflow_link: {type: string}\n"
    )
    properties = "".join(f"  {name}: {form}\n" for name, (form, _) in FORMS.items())
    node = "id: other\nproperties:\n  $ref: ['_definitions.yaml#/workflow_properties']\n"
    (folder / "other.yaml").write_text(node + properties)
    (folder / "metaschema.yaml").write_text("definitions: {}\n")
    (folder / "_more.yaml").write_text("sizes: {small: {type: number, maximum: 5}}\n")
    text = import_gen3(folder)
    (folder / "out").mkdir()
    (folder / "out" / "gen3.yaml").write_text(text)
    slots = load_schema(folder / "out" / "gen3.yaml").classes["gen3_other"].slots
    assert {"workflow_link", "submitter_id", *FORMS} <= slots.keys()
    for name, (_, expected) in FORMS.items():
        assert {key: getattr(slots[name], key) for key in expected} == expected, name
    assert "NCIT:C16576" in text
    assert "The dictionary says: number minimum 0 or one of Unknown." in " ".join(text.split())
    assert "title: A word" in text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ('{type: "null"}', "study.age"),
        ("{type: [object, string]}", "study.age of the dictionary may be object or string"),
        ("{oneOf: [string]}", "study.age"),
        ("{type: object}", "study.age"),
        ("null", "study.age"),
        ('{$ref: ["a#/b", "c#/d"]}', "names several definitions"),
        ('{$ref: "_definitions.yaml#/nothing"}', "_definitions.yaml#/nothing"),
        ("{type: string, const: [a]}", "study.age of the dictionary is always ['a']"),
        ("{allOf: [{pattern: a}, {pattern: b}]}", "study.age of the dictionary demands two things of pattern"),
        ('{$ref: "_definitions.yaml#/ubiquitous_properties/nothing"}', "ubiquitous_properties/nothing"),
        ('{$ref: "../study.yaml#/properties/parts"}', "../study.yaml#/properties/parts"),
    ],
)
def test_a_form_that_no_column_holds_is_named(folder: Path, form: str, said: str) -> None:
    (folder / "study.yaml").write_text(NODE.replace("{type: number, minimum: 0, maximum: 89}", form))
    with pytest.raises(InputError) as error:
        import_gen3(folder)
    assert said in error.value.message


def test_not_a_dictionary(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"_definitions\.yaml"):
        import_gen3(tmp_path)


@pytest.mark.realdata
def test_committed_schema_is_the_dictionary(shared: Path) -> None:
    committed = (root("schemas") / "gen3.yaml").read_text(encoding="utf-8")
    assert committed == import_gen3(shared / "midrc_dictionary")


def flat(properties: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Properties with every $ref followed, straight from the dictionary's YAML."""
    found: dict[str, Any] = {}
    if "$ref" in properties:
        found = flat(definitions[properties["$ref"].split("#/")[1]], definitions)
    for name, raw in properties.items():
        if name != "$ref":
            found[name] = follow(raw, definitions)
    return found


def follow(raw: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in raw:
        return raw
    return {**follow(definitions[raw["$ref"].split("#/")[1]], definitions), **raw}


def enum_of(prop: dict[str, Any]) -> list[str]:
    prop = prop.get("items", prop) if prop.get("type") == "array" else prop
    return prop.get("enum") or [value for choice in prop.get("oneOf", []) for value in choice.get("enum", [])]


@pytest.mark.realdata
def test_counts_straight_from_the_dictionary(shared: Path) -> None:
    folder = shared / "midrc_dictionary"
    definitions = yaml.safe_load((folder / "_definitions.yaml").read_text())
    nodes = [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("[a-z]*.yaml"))]
    gen3 = load_schema("gen3")
    expected: Counter[str] = Counter()
    found: Counter[str] = Counter()
    assert {node["id"] for node in nodes} == {name.removeprefix("gen3_") for name in gen3.classes} - {
        "ubiquitous_properties",
        "data_file_properties",
    }
    for node in nodes:
        properties = flat(node["properties"], definitions)
        cls = gen3.classes[f"gen3_{node['id']}"]
        assert set(cls.slots) == set(properties), node["id"]
        assert {name for name, slot in cls.slots.items() if slot.required} == set(node["required"])
        assert cls.annotations["system_properties"].split("|") == node["systemProperties"]
        assert [list(key) for key in cls.unique_keys] == node["uniqueKeys"]
        links = {link["name"]: link for group in node["links"] for link in group.get("subgroup", [group])}
        for name, prop in properties.items():
            slot = cls.slots[name]
            assert list(slot.permissible_values or ()) == enum_of(prop), (node["id"], name)
            assert (slot.minimum, slot.maximum) == (prop.get("minimum"), prop.get("maximum")), (
                node["id"],
                name,
            )
            assert slot.pattern == prop.get("pattern"), (node["id"], name)
            if name in links:
                assert slot.annotations["link"] == links[name]["target_type"]
                assert slot.annotations["multiplicity"] == links[name]["multiplicity"]
            else:
                assert slot.multivalued == (prop.get("type") == "array"), (node["id"], name)
            kind = prop["items"].get("type") if prop.get("type") == "array" else prop.get("type")
            if kind in ("integer", "number", "boolean"):
                assert slot.range == {"number": "double"}.get(kind, kind), (node["id"], name)
            expected.update({"properties": 1, "values": len(enum_of(prop)), "links": name in links})
            found.update(
                {
                    "properties": 1,
                    "values": len(slot.permissible_values or ()),
                    "links": "link" in slot.annotations,
                }
            )
    assert found == expected
    assert len(nodes) == 27
    assert expected["links"] == sum(len(group.get("subgroup", [group])) for node in nodes for group in node["links"])


def test_hub_inherits_its_nodes() -> None:
    midrc = load_schema("midrc")
    for name in (
        "case",
        "visit",
        "condition",
        "medication",
        "procedure",
        "measurement",
        "observation",
        "imaging_study",
    ):
        node, cls = midrc.classes[f"gen3_{name}"], midrc.classes[name]
        assert cls.is_a == node.name
        for slot in node.slots.values():
            assert cls.slots[slot.name].permissible_values == slot.permissible_values, (name, slot.name)
            assert cls.slots[slot.name].range == slot.range, (name, slot.name)
