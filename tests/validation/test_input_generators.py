"""What the generators of files and resources can give: whoever makes one smaller to silence a failure is noticed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import fhir_mutate
import fhir_strange
from chance import never_drawn
from fhir_export import patients
from fhir_strange import strange_export, strange_resource
from test_fhir_shapes import NAMES, VALUES
from test_fuzz import cells, tables

Wanted = dict[str, Callable[[Any], bool]]
CELLS = [
    "=cmd()|' /C calc'!A0", "@x", "+1", "-1", '"', '""', "a\nb", "a\r\nb", "\r", "\0", "\ufeff", "\ufffe", "\u202e",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "&amp;", "{value}", "{column}", "{0}", "$x",
    "'; DROP TABLE harmonize.finding", "John Smith", "617-495-1000", "MRN 00482913", "94 year old", "1e400", "nan",
    "9" * 400, "a" * 5000, "١٢٣", "é́", "𝒳", "Ω", "%d", "\\", "\\n", "null", " ", "\u3000", "2020-02-30", "036",
]  # fmt: skip
DATES = [
    "2020", "2020-02", "2020-02-30", "2020-13-01", "0000-01-01", "9999-12-31", "1066-10-14T00:00:00Z",
    "2020-03-02T24:00:00Z", "2020-03-02T07:30:00.123456789+14:00", "2020-03-02T07:30", "5/1/2020", "today",
]  # fmt: skip
REFERENCES = [
    "Patient/nobody", "Patient/p1/_history/2", "https://x.org/fhir/Patient/p1", "urn:uuid:1", "#", "#x",
    "Patient?identifier=a|b", "Patient/", "/", "http://", "Group/g1",
]  # fmt: skip
TEXTS = [
    "\u0000", "e\u0301", "\u202eevil", "'; DROP TABLE x; --", "{}", "%s", "$.x", "\\", "\ufeff", "𝔘nicode", "a" * 5000,
]  # fmt: skip
BROKEN = ["{", "[]", "null", '"x"', '{"resourceType":', "\ufeff", "x" * 100, '{"a":1}}', "1e999", "{}"]


def each(values: list[str]) -> Wanted:
    return {repr(value[:30]): (lambda drawn, value=value: drawn == value) for value in values}


def test_cells() -> None:
    free: Wanted = {"free": lambda drawn: drawn not in CELLS and len(drawn) > 8 and any(ord(c) > 255 for c in drawn)}
    assert never_drawn(cells, each(CELLS) | free, 2_000) == []


def test_tables_are_of_every_form() -> None:
    forms: Wanted = {
        **{f"delimiter {d!r}": (lambda drawn, d=d: drawn[1] == d) for d in (",", "\t", ";", "|")},
        **{f"line end {e!r}": (lambda drawn, e=e: drawn[2] == e) for e in ("\n", "\r\n", "\r")},
        **{
            name: (lambda drawn, name=name: drawn[3] == name)
            for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252")
        },
        "quoted": lambda drawn: drawn[4],
        "not quoted": lambda drawn: not drawn[4],
        "ragged": lambda drawn: len({len(row) for row in drawn[0]}) > 1,
        "5 cells": lambda drawn: any(len(row) == 5 for row in drawn[0]),
        "6 rows": lambda drawn: len(drawn[0]) == 6,
    }
    assert never_drawn(tables, forms, 400) == []


def test_strange_resources() -> None:
    (condition,) = (resource for resource in patients(1) if resource["resourceType"] == "Condition")
    values: Wanted = {text: (lambda drawn, text=text: f'"{text}"' in json.dumps(drawn)) for text in DATES + REFERENCES}
    gone: Wanted = {f"no {name}": (lambda drawn, name=name: name not in drawn) for name in ("id", "subject", "code")}
    other: Wanted = {"another kind of value": lambda drawn: not isinstance(drawn.get("code", {}), dict)}
    assert never_drawn(strange_resource(condition), values | gone | other, 2_500) == []
    assert never_drawn(fhir_strange.TEXTS, each(TEXTS), 500) == []
    assert never_drawn(fhir_strange.BROKEN, each(BROKEN), 100) == []


def test_strange_exports() -> None:
    kinds: Wanted = {
        "a copy": lambda lines: len(set(lines)) < len(lines),
        "a broken line": lambda lines: any(line in BROKEN for line in lines),
        "a delete": lambda lines: any('"DELETE"' in line for line in lines),
        "versions": lambda lines: any('"versionId": "2"' in line for line in lines),
        "a conflict": lambda lines: any('"language": "en"' in line for line in lines),
        "one gone": lambda lines: any(f'"id": "{one["id"]}"' not in "".join(lines) for one in patients(2)),
        "another order": lambda lines: bool(lines) and '"Patient"' not in lines[0],
    }
    assert never_drawn(strange_export(), kinds, 100) == []


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_damage_is_of_every_kind() -> None:
    """One change somewhere: dropped, renamed, another value, in and out of a list, added; every listed value."""
    dice = random.Random(1)
    resources = patients(1)
    damaged = [fhir_mutate.mutate(dice.choice(resources), dice) for _ in range(3_000)]
    text = "\n".join(map(json.dumps, damaged))
    assert [value for value in fhir_mutate._VALUES if f": {json.dumps(value)}" not in text] == []
    names = keys(resources)
    added = keys(damaged) - names
    for renamed in (str.lower, lambda name: f"{name}s", lambda name: name[:-1], lambda name: f"_{name}"):
        assert added & {renamed(name) for name in names}
    assert {"valueString", "valueBoolean", "onsetString", "effectiveInstant", "deceasedBoolean", "x"} <= added
    assert '"gender": ["' in text
    assert len(set(text.split("\n"))) > 1_000


def test_resources_of_any_shape() -> None:
    names: Wanted = {c: (lambda drawn, c=c: c in drawn) for c in "ab_."} | {"3 letters": lambda drawn: len(drawn) == 3}
    assert never_drawn(NAMES, names, 300) == []
    shapes: Wanted = {
        "null": lambda v: v is None,
        "a list of objects": lambda v: isinstance(v, list) and any(isinstance(item, dict) for item in v),
        "a list in a list": lambda v: isinstance(v, list) and any(isinstance(item, list) for item in v),
        "an empty object": lambda v: v == {},
        "an empty list": lambda v: v == [],
        "an object in an object": lambda v: isinstance(v, dict) and any(isinstance(item, dict) for item in v.values()),
    }
    assert never_drawn(VALUES, shapes, 1_000) == []
