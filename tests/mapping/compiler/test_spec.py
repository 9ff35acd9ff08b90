"""What linkml-map knows and this language does not, straight from its data model: refused by name and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkml_map.datamodel.transformer_model import (
    AliasedClass,
    ClassDerivation,
    EnumDerivation,
    ObjectDerivation,
    PermissibleValueDerivation,
    SlotDerivation,
    StringificationConfiguration,
    TransformationSpecification,
    UnitConversionConfiguration,
)
from pydantic import BaseModel

from harmonize.engine.errors import InputError
from harmonize.mapping.compiler import spec

HEAD = "source_schema: {name: a}\ntarget_schema: {name: b}\n"
CLASS = f"{HEAD}class_derivations:\n- name: case\n  populated_from: stay\n"
SLOT = f"{CLASS}  slot_derivations:\n    a:\n"
ENUM = f"{CLASS}enum_derivations:\n  a:\n"
LEVELS: dict[str, tuple[type[BaseModel], set[str], str]] = {
    # model of linkml-map, what is known here, where it is written
    "specification": (TransformationSpecification, spec.TOP_KEYS, HEAD),
    "class": (ClassDerivation, spec.CLASS_KEYS, f"{CLASS}  "),
    "slot": (SlotDerivation, spec.SLOT_KEYS, f"{SLOT}      "),
    "object": (ObjectDerivation, spec.OBJECT_KEYS, f"{SLOT}      object_derivations:\n      - "),
    "join": (AliasedClass, spec.JOIN_KEYS, f"{CLASS}  joins:\n    a:\n      "),
    "unit": (
        UnitConversionConfiguration,
        spec.UNIT_KEYS,
        f"{SLOT}      populated_from: b\n      unit_conversion:\n        ",
    ),
    "stringification": (
        StringificationConfiguration,
        spec.STRING_KEYS,
        f"{SLOT}      populated_from: b\n      stringification:\n        ",
    ),
    "enum": (EnumDerivation, spec.ENUM_KEYS, f"{ENUM}    "),
    "value": (
        PermissibleValueDerivation,
        spec.VALUE_KEYS,
        f"{ENUM}    permissible_value_derivations:\n      b:\n        ",
    ),
}
FOREIGN = [(level, key) for level, (model, known, _) in LEVELS.items() for key in sorted({*model.model_fields} - known)]


def refusal(folder: Path, text: str) -> tuple[int, str, str]:
    """Line, message and hint of what is refused in a specification."""
    path = folder / "a.map.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        spec.read_spec(path)
    place, _, message = caught.value.message.removeprefix(f"{path}:").partition(": ")
    return int(place), message, caught.value.hint or ""


@pytest.mark.parametrize(("level", "key"), FOREIGN)
def test_foreign_property(tmp_path: Path, level: str, key: str) -> None:
    """Each property of linkml-map that the language does not have is refused by its name, at its line."""
    before = LEVELS[level][2]
    line, message, hint = refusal(tmp_path, f"{before}{key}: x\n")
    assert line == before.count("\n") + 1
    assert f"{key!r} is not supported" in message
    assert hint


@pytest.mark.parametrize("level", LEVELS)
def test_the_language_is_that_of_linkml_map(level: str) -> None:
    """There is no property that linkml-map lacks, and a misspelt one is told the right name."""
    model, known, _ = LEVELS[level]
    assert known <= {*model.model_fields}


@pytest.mark.parametrize(
    ("level", "key", "near"),
    [
        ("specification", "class_derivation", "class_derivations"),
        ("class", "slot_derivation", "slot_derivations"),
        ("slot", "value_mapping", "value_mappings"),
        ("object", "class_derivation", "class_derivations"),
        ("join", "source_keys", "source_key"),
        ("unit", "target_units", "target_unit"),
        ("stringification", "delimeter", "delimiter"),
        ("enum", "mirror_sources", "mirror_source"),
        ("value", "populate_from", "populated_from"),
    ],
)
def test_misspelt_property(tmp_path: Path, level: str, key: str, near: str) -> None:
    before = LEVELS[level][2]
    line, message, hint = refusal(tmp_path, f"{before}{key}: x\n")
    assert line == before.count("\n") + 1
    assert f"{key!r} is not supported" in message
    assert hint == f"Did you mean {near!r}?"


BODIES = {
    "populated_from": "b",
    "expr": "b",
    "value": "1",
    "value_mappings": "{'a': b}",
    "missing_values": "[a]",
    "unit_conversion": "{target_unit: kg, none_if_non_numeric: true}",
    "stringification": "{delimiter: ',', reversed: true}",
    "class_derivations": "[{name: case, slot_derivations: {c: {value: 1}}}]",
    "object_derivations": "[{class_derivations: {case: {slot_derivations: {c: {value: 1}}}}}]",
}
TOGETHER = [
    *spec.IGNORED_TOGETHER,
    *((form, other) for form in ("class_derivations", "object_derivations") for other in spec.NO_OBJECT),
    ("class_derivations", "object_derivations"),
]


@pytest.mark.parametrize(("first", "second"), TOGETHER)
def test_together(tmp_path: Path, first: str, second: str) -> None:
    """Properties of which linkml-map ignores one are refused at the line of that one."""
    text = f"{SLOT}      {first}: {BODIES[first]}\n      {second}: {BODIES[second]}\n"
    line, message, hint = refusal(tmp_path, text)
    assert line == text.count("\n")
    assert message.startswith(f"slot a of class case: {first} and {second} together")
    assert hint
